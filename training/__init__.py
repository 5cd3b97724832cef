"""How the models and weights of this project were trained and fitted."""
