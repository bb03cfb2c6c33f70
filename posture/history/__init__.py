"""What happened, stored: records, the SQLite file, calibrations, import and export."""
