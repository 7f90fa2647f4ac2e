"""Data only: icons, style, translations, forms, rule tables, code labels, print templates."""
