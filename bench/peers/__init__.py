"""Other people's pipelines beside PM Role: same model, same texts, each in its own environment."""
