"""One mail for many people, each personal, each exactly once: audience, preview, launch, progress, answers."""
