"""Mail that nobody wrote by hand: absence notes with their days and stand-ins, automatic replies, newsletters."""
