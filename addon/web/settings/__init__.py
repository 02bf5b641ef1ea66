"""How the team works: pipelines, stages, fields, roles."""
