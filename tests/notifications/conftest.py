"""Every mail that a test here causes goes out by its end."""

from __future__ import annotations

import pytest

from tests.mailbox import Mailbox


@pytest.fixture(autouse=True)
def all_mails_go_out(mailbox: Mailbox) -> Mailbox:
    return mailbox
