"""What happened, kept: SQLite, migrations, queries."""
