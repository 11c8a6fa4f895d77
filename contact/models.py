"""Hand-off to a person: the models that Django looks for here, each from the module that holds it."""

from .attachment import Attachment as Attachment
from .channel import Channel as Channel
from .contactrequest import ContactRequest as ContactRequest
from .contactrequest import LaterVersion as LaterVersion
from .delivery import Delivery as Delivery
from .draftrequest import DraftRequest as DraftRequest
from .draftrequest import new_token as new_token  # the first migration finds it here
from .limits import Allowance as Allowance
from .limits import Refusal as Refusal
from .numbers import GivenNumber as GivenNumber
from .solved import SolvedCount as SolvedCount
