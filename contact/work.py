"""Proof of work, where the site asks for it: the browser searches for a number, which costs programs their time.

The protocol and both halves of its code are ALTCHA's; nobody is asked for anything, and nobody else takes part.
"""

from __future__ import annotations

import json
import secrets

import altcha
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .draftrequest import KEPT
from .models import DraftRequest

FIELD = "work"
ALGORITHM = "PBKDF2/SHA-256"  # what every browser has built in
ROUNDS = 5_000  # of each try: a few milliseconds
LONGEST = 4_000  # characters of an answer; ours have less than a thousand


def challenge(draft: DraftRequest) -> str:
    """What the browser has to solve for this draft, as JSON; empty where the site asks for nothing."""
    if not settings.PROOF_OF_WORK:
        return ""
    # Around the setting, so that nobody waits for very long and nobody is done at once.
    tries = settings.PROOF_OF_WORK // 2 + secrets.randbelow(settings.PROOF_OF_WORK + 1)
    made = altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=tries,
        expires_at=int((timezone.now() + KEPT).timestamp()),
        data={"draft": draft.pk.hex},
        hmac_secret=_key("challenge"),
        hmac_key_secret=_key("answer"),
    )
    return json.dumps(made.to_dict())


def solved(draft: DraftRequest, answer: str) -> str:
    """The name of the challenge of this draft that the answer solves; empty where it solves none of ours."""
    if len(answer) > LONGEST:
        return ""
    try:
        payload = altcha.Payload.from_base64(answer)
        found = altcha.verify_solution(payload, hmac_secret=_key("challenge"), hmac_key_secret=_key("answer"))
        is_for_draft = payload.challenge.parameters.data == {"draft": draft.pk.hex}
    except Exception:  # whatever anybody sends
        return ""
    return str(payload.challenge.signature) if found.verified and is_for_draft else ""


def _key(purpose: str) -> str:
    return salted_hmac("contact.work", purpose, algorithm="sha256").hexdigest()
