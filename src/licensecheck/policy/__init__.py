"""What an organization allows: schema, rules and the engine that judges a resolution."""
