"""联系户: the households of grids by their representatives, who calls each, which party member keeps in touch."""
