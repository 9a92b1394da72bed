"""What the council fixed on this computer, looked through once more, and the refusals of what differs from it."""

from dataclasses import replace

from member_tracker.domain.errors import NotAllowed, NotFound, TrackerError
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.policy import Policy
from member_tracker.policy_file import broken, read_policy
from member_tracker.services.charters import CharterShelf

_OF_ALL = (("ca_file", "ca_file", "certificate file"),)
_OF_KIND = {
    MailboxKind.EXCHANGE_SERVER: (("url", "server", "mail server"), ("sign_in", "sign_in", "way to sign in")),
    MailboxKind.EXCHANGE_ONLINE: (
        ("tenant", "tenant", "tenant"),
        ("client_id", "client_id", "client id"),
        ("authority", "authority", "sign-in server"),
    ),
}


def council_policy(charters: CharterShelf) -> Policy:
    """The policy of this computer; one that names a hub or charter there cannot be says so in its problem."""
    return checked(read_policy(), charters)


def checked(policy: Policy, charters: CharterShelf) -> Policy:
    """The policy with its hub's address as the program writes it, or with what is wrong in it as its problem."""
    key = "hub address"
    try:
        if policy.hub_address:
            from member_tracker.sync.address import read_address

            policy = replace(policy, hub_address=read_address(policy.hub_address).url)
        key = "council charter"
        if policy.charter:
            policy = replace(policy, charter=charters.named(policy.charter).id)
        key = "council name"
        if policy.council and not policy.charter and charters.council_named(policy.council) is None:
            raise NotFound(f"No charter is known for “{policy.council}”.", advice="Fix a charter beside it.")
    except TrackerError as wrong:
        return broken(policy.file, f"{policy.file}: {key}: {wrong.title}", wrong.advice)
    return policy


def must_allow_hub(policy: Policy, url: str) -> None:
    """Refuses a hub that is not the one the council fixed."""
    policy.must_be_whole()
    if policy.hub_address and policy.hub_address != url:
        raise _set_by_council("The hub", policy.hub_address, policy)


def fixed_mailbox(policy: Policy, account: MailboxAccount) -> MailboxAccount:
    """The mailbox as the council fixed it; refuses one that says something else."""
    policy.must_be_whole()
    if not policy.allows_mailbox(account.address):
        raise _set_by_council("The mailbox", policy.mailbox, policy)
    fixed = policy.on_mailbox(account)
    for own, theirs, name in (*_OF_ALL, *_OF_KIND.get(account.kind, ())):
        said, set_to = getattr(account, own), getattr(policy, theirs)
        if said and set_to and said != set_to and fixed.kind is account.kind:
            raise _set_by_council(f"The {name}", set_to, policy)
    return fixed


def fixed_council(policy: Policy, council: str) -> str:
    """The council a profile is set up for; refuses another than the one fixed."""
    policy.must_be_whole()
    if policy.council and policy.council.casefold() != council.strip().casefold():
        raise _set_by_council("The council", policy.council, policy)
    return policy.council or council


def fixed_charter(policy: Policy, charter: str | None) -> str | None:
    """The set of standards that is adopted beside the council's own; refuses another than the one fixed."""
    if policy.charter and charter is not None and policy.charter.casefold() != charter.strip().casefold():
        raise _set_by_council("The charter", policy.charter, policy)
    return policy.charter or charter


def _set_by_council(what: str, value: str, policy: Policy) -> NotAllowed:
    return NotAllowed(f"{what} is set by your council: {value}.", advice=f"Use that one, or ask {policy.ask}.")
