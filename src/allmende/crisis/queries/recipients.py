"""To whom people write in an exercise: a role, all of a team at once, or the control, which plays the rest.

Roles and teams of a script share their keys, so that one recipient is enough: who reads a message is looked up.
"""

from collections.abc import Collection

from allmende.formats.exercise_script.model import Role, Script, Team


def recipients_of(script: Script, sender: str) -> tuple[list[Role], list[Team]]:
    """To whom a sender may write besides the control: other roles, and teams that have any of these."""
    roles = [role for role in script.roles if not role.simulated and role.key != sender]
    manned = {role.team for role in roles}
    return roles, [team for team in script.teams if team.key in manned]


def readers_of(script: Script, recipient: str) -> tuple[str, ...]:
    """The roles that read what is written to a recipient: itself, or all of a team."""
    return tuple(role.key for role in script.roles if role.team == recipient) or (recipient,)


def addresses_of(script: Script, role: str) -> tuple[str, ...]:
    """The recipients for whom a role reads: itself, and its team."""
    team = next((each.team for each in script.roles if each.key == role), "")
    return (role, team) if team else (role,)


def unplayed_in(script: Script, taken: Collection[str]) -> set[str]:
    """The roles that nobody plays, of those ``taken``, and the teams without any that is: the control answers."""
    roles = {each.key for each in script.roles if not each.simulated and each.key not in taken}
    manned = {each.team for each in script.roles if each.key in taken}
    return roles | {each.key for each in script.teams if each.key not in manned}
