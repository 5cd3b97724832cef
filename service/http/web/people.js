// People.
