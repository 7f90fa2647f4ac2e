"""The languages that are offered for a person, by code (ISO 639-1; ase of 639-3)."""

LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "zh": "Chinese",
    "vi": "Vietnamese",
    "ko": "Korean",
    "tl": "Tagalog",
    "ar": "Arabic",
    "fr": "French",
    "ht": "Haitian Creole",
    "pt": "Portuguese",
    "ru": "Russian",
    "pl": "Polish",
    "hi": "Hindi",
    "ase": "American Sign Language",
    "other": "Another language",
}
