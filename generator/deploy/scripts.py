"""What is asked of the far side, as POSIX shell with GNU coreutils and flock. Pure: text only.

Layout of a target's folder:

    .mingtang-target     our marker: nothing is deleted in a folder without it
    .lock, .holder       the lock, and who holds it
    releases/<id>/       complete, verified, read-only
    incoming/            the release that is on its way
    trash/               releases that are being destroyed
    current              → releases/<id>: what is served
    left                 → the release that a rollback left: its hashed files stay reachable
    history.jsonl        one line for each switch

Names are sorted as bytes on both sides, whatever language the account on the server speaks.

A release is in ``releases/`` only when it is complete, and the one moment that readers notice is
the ``rename`` of ``current``. ``current.next`` says that a new release was being switched to.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterable

BUSY = 75
FOREIGN = 76
NOTHING = 77
MARKER = ".mingtang-target"

_PLAIN = "LC_ALL=C; export LC_ALL"

_VERIFY = (
    """split -n "r/$(nproc)" --filter='stdbuf -oL sha256sum -c --quiet --strict - 2>/dev/null' SHA256SUMS 2>/dev/null"""
)
"""One process for each processor, and each word of theirs a whole line."""

_EMPTY_TRASH = """find trash -mindepth 4 -maxdepth 4 -print0 | xargs -0 -r -n 8 -P "$(nproc)" rm -rf
rm -rf trash && mkdir trash"""


def open_script(folder: str, holder: str) -> str:
    """Take the folder and the lock, and finish or undo what a killed deploy left.

    ``:`` and a bare ``exec`` would end the shell where a file cannot be written, and the line with it.
    """
    return f"""
{_PLAIN}
umask 022
P={shlex.quote(folder)}
if [ -d "$P" ] && [ ! -e "$P/{MARKER}" ] && [ -n "$(ls -A "$P")" ]; then return {FOREIGN}; fi
mkdir -p "$P/releases" "$P/trash" && true >> "$P/{MARKER}" && cd "$P" || return 1
command exec 9>>.lock || return 1
if ! flock -n 9; then cat .holder 2>/dev/null; return {BUSY}; fi
printf '%s\\n' {shlex.quote(holder)} > .holder
if [ -L current.next ]; then
  next=$(readlink current.next)
  [ -d "$next" ] && [ ! -e incoming ] && chmod u+w "$next" && mv "$next" incoming
  rm -f current.next
fi
rm -f current.back
find trash -type d -exec chmod u+w {{}} + ; rm -rf parts; {_EMPTY_TRASH} && mkdir parts
"""


def peek_script(folder: str) -> str:
    """Enter the folder without taking it: for plans and lists, which change nothing.

    Where there is none yet, the shell stays where it began, and nothing that lies there may be asked for.
    """
    return f"""
{_PLAIN}
P={shlex.quote(folder)}
[ -d "$P" ] || return {NOTHING}
cd "$P" || return 1
[ -e {MARKER} ] && return
[ -z "$(ls -A)" ] && return {NOTHING}
return {FOREIGN}
"""


STATE_SCRIPT = """
echo "current $(readlink current 2>/dev/null | sed 's|^releases/||')"
echo "incoming $(sed -n 1p incoming.id 2>/dev/null)"
for one in releases/*/; do
  [ -d "$one" ] && echo "release $(basename "$one") $(sha256sum < "$one/record.json" 2>/dev/null | cut -c1-64)"
done
true
"""


def read_script(path: str) -> str:
    """Print a file in base64, packed: a line of text whatever it holds."""
    return f"gzip -c {shlex.quote(path)} | base64 -w 0"


def prepare_script(identity: str, base: str | None) -> str:
    """Begin ``incoming`` from hard links to the files of the release that is served."""
    writable = "find incoming -type d -exec chmod u+w {} +"
    link = f"cp -al {_folder(base)} incoming && {writable}" if base else "mkdir incoming"
    return f"""
[ -e incoming ] && find incoming -type d -exec chmod u+w {{}} +
rm -rf incoming incoming.id && {link} && printf '%s\\n' {shlex.quote(identity)} > incoming.id
"""


def resume_script() -> str:
    """Go on with the ``incoming`` of a deploy that was killed."""
    return "[ -d incoming ] && find incoming -type d -exec chmod u+w {} +"


GIVE_UP_SCRIPT = "rm -f incoming.id"
"""Go on with this ``incoming`` no more: rsync takes a damaged file of the right size and time for one that is there."""


def remove_script(paths: Iterable[str]) -> str:
    """Remove files of ``incoming``, and the folders that are empty then.

    The names go in base64: some are of files that strangers planted, and none may end the list or be a command.
    """
    listed = base64.encodebytes("".join(f"{path}\0" for path in paths).encode()).decode()
    return f"""
( cd incoming && base64 -d <<'MINGTANG-END' | xargs -0 -r rm -f -- && find . -mindepth 1 -depth -type d -empty -delete )
{listed}
MINGTANG-END
"""


STRANGERS_SCRIPT = """
cd incoming || return 1
{ cut -c67- SHA256SUMS; echo SHA256SUMS; } > ../parts/known
find . ! -type d -printf '%P\\0' | grep -zavxF -f ../parts/known > ../parts/strange
xargs -0 -r rm -f -- < ../parts/strange && find . -mindepth 1 -depth -type d -empty -delete
tr -dc '\\0' < ../parts/strange | wc -c
cd - >/dev/null
"""
"""Remove from ``incoming`` what is no part of the release, whatever its name is, and say how many files that was."""


def verify_script(folder: str) -> str:
    """Print the digest of the list of digests, that of the file names, and each file that differs.

    A last line that names no file says that the check found something, or could not be made.
    """
    return f"""
cd {shlex.quote(folder)} || return 1
sha256sum < SHA256SUMS | cut -c1-64
find . ! -type d -printf '%P\\n' | sort | sha256sum | cut -c1-64
find . ! -type d ! -type f -printf '%P: not a file\\n'
{{ for _ in 1 2; do cut -c67- SHA256SUMS; echo SHA256SUMS; done; find . ! -type d -printf '%P\\n'; }} |
  sort | uniq -u | sed 's/$/: not of the release/'
{_VERIFY} || echo ': failed'
cd - >/dev/null
"""


def switch_script(release: str, history: str) -> str:
    """Make ``incoming`` the release, force it to disk, and switch to it by one rename.

    Its folders may be read by all, as its files may: they came with the modes that the deployer's umask gave.
    """
    place = _folder(release)
    return f"""
find incoming -type d -exec chmod a=rx {{}} + && chmod u+w incoming &&
ln -sfn {place} current.next &&
mv -T incoming {place} && chmod a-w {place} && rm -f incoming.id && sync -f {place} &&
mv -T current.next current && sync -f . && rm -f left && {_append(history)}
"""


def back_script(release: str, left: str, history: str) -> str:
    """Switch to a release that is there already; ``left``, if any, stays reachable for its hashed files."""
    link = f"ln -sfn {_folder(left)} left" if left else "rm -f left"
    return f"""
ln -sfn {_folder(release)} current.back && {link} &&
mv -T current.back current && sync -f . && {_append(history)}
"""


def _folder(release: str) -> str:
    """Where a release lies; its name may be one that a stranger gave to a folder there."""
    return shlex.quote(f"releases/{release}")


def _append(line: str) -> str:
    """Append to the history; where a full disk has cut its last line, what comes is no part of that."""
    end = """[ -z "$(tail -c 1 history.jsonl 2>/dev/null)" ] || echo >> history.jsonl"""
    return f"""{{ {end}; printf '%s\\n' {shlex.quote(line)} >> history.jsonl; }}"""


def destroy_script(releases: Iterable[str]) -> str:
    """Destroy releases: out of sight by one rename each, then gone. Never the one that is served.

    One that cannot be destroyed, as it is of another account, keeps no other from it; the script fails.
    """
    listed = " ".join(shlex.quote(one) for one in releases)
    return f"""
standing=
for one in {listed}; do
  [ "$(readlink current)" = "releases/$one" ] && return 1
  [ "$(readlink left)" = "releases/$one" ] && rm -f left
  [ -d "releases/$one" ] || continue
  chmod u+w "releases/$one" && mv "releases/$one" "trash/$one" || standing="$standing $one"
done
find trash -type d -exec chmod u+w {{}} + ; {_EMPTY_TRASH} && [ -z "$standing" ]
"""
