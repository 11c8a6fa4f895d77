"""Resolve it yourself: the models that Django looks for here, each from the module that holds it."""

from .cases import FlowCase as FlowCase
from .flow import Flow as Flow
from .flow import OldFlowSlug as OldFlowSlug
from .flowcount import FlowCount as FlowCount
from .step import Option as Option
from .step import Step as Step
from .steplink import StepLink as StepLink
from .steplink import StepLinksRead as StepLinksRead
from .stepuse import StepUse as StepUse
from .stepuse import TopicUse as TopicUse
from .topics import Detail as Detail
from .topics import DetailChoice as DetailChoice
from .topics import Remedy as Remedy
from .topics import Topic as Topic
from .topics import TopicDetail as TopicDetail
from .topics import TopicRemedy as TopicRemedy
from .version import FlowVersion as FlowVersion
