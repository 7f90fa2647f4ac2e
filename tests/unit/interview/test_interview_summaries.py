"""What a card says of what is on file, where others may see the screen."""

from dataclasses import replace

from workstation.interview.model import Address, Draft, Said
from workstation.interview.summaries import summary

AT_HOME = Draft(address=Address(street="1 Elm St", city="Austin", state="TX", zip="78701"))


def test_an_address_is_read_out() -> None:
    assert summary("address", AT_HOME, str) == ("1 Elm St", "Austin TX 78701")


def test_a_confidential_address_is_neither_shown_nor_said() -> None:
    hidden = replace(AT_HOME, address=replace(AT_HOME.address, confidential=Said.YES))
    words = " ".join(summary("address", hidden, str))
    assert "confidential" in words
    assert not {"Elm", "Austin", "78701"} & set(words.split())
