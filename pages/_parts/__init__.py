"""What several pages share: tables, badges, charts, forms."""
