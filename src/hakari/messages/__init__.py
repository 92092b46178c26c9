"""Messages: everything that a person reads, stored as a key with arguments and rendered at the edge.

A `Message` never holds a finished sentence. Evidence, findings and errors keep `{key, arguments}`, so that the same
record reads in English or Japanese, and so that a translation that is mended later mends old records too.
"""

from hakari.messages._catalogue import LANGUAGES, Language, catalogue, template
from hakari.messages._message import Argument, Message, in_one_line, join, render, say
from hakari.messages._one_line import shown, unprintable

__all__ = [
    "LANGUAGES",
    "Argument",
    "Language",
    "Message",
    "catalogue",
    "in_one_line",
    "join",
    "render",
    "say",
    "shown",
    "template",
    "unprintable",
]
