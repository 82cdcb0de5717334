"""Platform: what every area stands on: deeds, approvals, documents, roles, business date, imports, audit."""
