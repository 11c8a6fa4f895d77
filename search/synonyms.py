def groups(language: str) -> tuple[tuple[str, ...], ...]:
    return ()
