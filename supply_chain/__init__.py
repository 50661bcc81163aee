"""What Frontmart is made of: its locks, their audit, their licences and the SBOM. For developers; not installed."""
