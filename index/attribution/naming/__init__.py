"""From what a tagger took for a source to who it is: a name phrase, the person that it means, an attribution."""
