"""Releases to an S3 server: order, cache headers, the index's copy on own hosts, resumption, locks."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
import msgspec
import pytest
from botocore.exceptions import ClientError

from generator.build.fs import FileSystem
from generator.deploy import objectstore
from generator.deploy.definition import Definition, LocalTarget, S3Target
from generator.deploy.lease import Lease
from generator.deploy.objectstore import ObjectStore
from generator.deploy.request import opened
from generator.deploy.shell import FarSideError
from generator.errors import DeployRefused, LockedError, UsageError
from tests.deploy_servers import object_store
from tests.deploy_support import Workshop, cluster, page, site

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

ITEMS = {"alpha/notice/a": "甲", "alpha/notice/a2": "甲二", "beta/notice/b": "乙"}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "open-sesame"}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with object_store(tmp_path_factory.mktemp("s3")) as address:
        yield address


class Store:
    """A workshop whose targets are two buckets: one for the portal, one for the own host of ``beta``."""

    def __init__(self, root: Path, endpoint: str) -> None:
        self.client: S3Client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        name = root.name.replace("_", "-").lower()[-40:].strip("-")
        self.buckets = [f"portal-{name}", f"beta-{name}"]
        for bucket in self.buckets:
            self.client.create_bucket(Bucket=bucket)
        targets = [
            S3Target(name="store", endpoint=endpoint, bucket=self.buckets[0], sites=("portal",)),
            S3Target(name="own", endpoint=endpoint, bucket=self.buckets[1], sites=("beta",), prefix="www/"),
        ]
        self.workshop = Workshop(root, cluster(own_hosts=("beta",)), targets)
        self.workshop.environment |= CREDENTIALS

    def listing(self, number: int = 0) -> set[str]:
        """What stands in a bucket."""
        listed = self.client.list_objects_v2(Bucket=self.buckets[number])
        return {one["Key"] for one in listed.get("Contents", [])}

    def body(self, key: str, number: int = 0) -> bytes:
        """The bytes of an object."""
        return self.client.get_object(Bucket=self.buckets[number], Key=key)["Body"].read()


@pytest.fixture
def store(tmp_path: Path, endpoint: str) -> Store:
    return Store(tmp_path, endpoint)


def test_each_bucket_holds_its_host(store: Store) -> None:
    """The portal's bucket has all but the own host; the other has that host at its root, and a copy of the index."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    files = {*site(ITEMS), "manifest.json"}
    expected = {path for path in files if not path.startswith("beta/")} | {"release.json", ".mingtang-target"}
    assert store.listing(0) == expected
    own = {path.removeprefix("beta/") for path in files if path.startswith(("beta/", "search/"))}
    assert store.listing(1) == {f"www/{path}" for path in own | {"release.json", ".mingtang-target"}}
    assert store.body("www/notice/b.html", 1) == (store.workshop.out / "beta/notice/b.html").read_bytes()


def test_objects_say_how_to_read_and_cache_them(store: Store) -> None:
    """Type and charset, immutable for hashed files, revalidation for the rest."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    asset = next(path for path in site(ITEMS) if path.startswith("assets/"))
    html = store.client.head_object(Bucket=store.buckets[0], Key="index.html")
    style = store.client.head_object(Bucket=store.buckets[0], Key=asset)
    assert html["ContentType"] == "text/html; charset=utf-8"
    assert html["CacheControl"] == "no-cache"
    assert "immutable" in style["CacheControl"]


def test_withdrawn_item_is_gone_from_the_bucket(store: Store) -> None:
    """Its page and the index files that knew it are deleted in the same deploy."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    old = {path for path in site(ITEMS) if path.startswith("search/t0")}
    left = {item: text for item, text in ITEMS.items() if item != "alpha/notice/a"}
    store.workshop.build_site(left, withheld={"alpha/notice/a": "withdrawn"})
    store.workshop.deploy()
    assert "alpha/notice/a.html" not in store.listing(0)
    assert not old & store.listing(0)
    assert not {f"www/{path}" for path in old} & store.listing(1)


def test_tombstone_stands_in_its_place(store: Store) -> None:
    """A store cannot answer 410; the page that says why is there."""
    store.workshop.build(
        {**site(ITEMS), "alpha/notice/gone.html": page("已撤下")},
        {item: [f"{item}.html"] for item in ITEMS},
        tombstones=["alpha/notice/gone.html"],
    )
    store.workshop.deploy()
    assert store.body("alpha/notice/gone.html") == page("已撤下")


def test_uploads_go_hashed_files_then_pages_then_entries_then_deletions(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page is there before the assets that it names, and no entry before the shards and pages that it names."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    steps: list[str] = []
    put, delete = ObjectStore._put, ObjectStore._delete

    def seen_put(self: ObjectStore, path: str, *more: Any) -> None:
        steps.append(path)
        put(self, path, *more)

    def seen_delete(self: ObjectStore, keys: list[str]) -> None:
        steps.extend(f"-{key}" for key in keys)
        delete(self, keys)

    monkeypatch.setattr(ObjectStore, "_put", seen_put)
    monkeypatch.setattr(ObjectStore, "_delete", seen_delete)
    store.workshop.definition = msgspec.structs.replace(
        store.workshop.definition, targets=store.workshop.definition.targets[:1]
    )
    changed = {**ITEMS, "alpha/notice/new": "新"}
    del changed["alpha/notice/a2"]
    store.workshop.build_site(changed, flavour="two", withheld={"alpha/notice/a2": "expired"})
    store.workshop.deploy()

    def rank(step: str) -> int:
        if step.startswith("-"):
            return 4
        if step.startswith("release.json"):
            return 3
        if step.startswith("search/index"):
            return 2
        return 0 if step.startswith(("assets/", "alpha/assets/", "gamma/assets/", "search/t0")) else 1

    ranks = [rank(step) for step in steps]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2, 3, 4}
    assert f"-{objectstore.LOCK}" not in steps


@pytest.mark.parametrize("survives", range(0, 17, 4))
def test_interrupted_deploy_is_completed_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch, survives: int
) -> None:
    """After a kill at any upload or deletion, the next deploy leaves just the new release."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    store.workshop.build_site({**ITEMS, "alpha/notice/new": "新"}, flavour="two")
    left = [survives]

    class Killed(BaseException):
        pass

    put = ObjectStore._put

    def counting(self: ObjectStore, path: str, *more: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        put(self, path, *more)

    with monkeypatch.context() as patched:
        patched.setattr(ObjectStore, "_put", counting)
        with pytest.raises(Killed):
            store.workshop.deploy()
    store.workshop.deploy()
    store.workshop.build_site({**ITEMS, "alpha/notice/new": "新"}, flavour="two")
    assert store.workshop.deploy().switched == ()
    expected = {path for path in store.workshop.out.rglob("*") if path.is_file() and path.name != ".mingtang"}
    for path in expected:
        key = str(path.relative_to(store.workshop.out))
        if not key.startswith("beta/"):
            assert store.body(key) == path.read_bytes()


@pytest.mark.parametrize("step", ["_delete", "_remember"])
def test_release_of_a_killed_deploy_is_known_again(store: Store, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """It is live, and this very folder made it: the next deploy knows what would vanish, and removes what has left."""
    store.workshop.definition = msgspec.structs.replace(
        store.workshop.definition, targets=store.workshop.definition.targets[:1], deletion_cap=100
    )
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    left = {item: text for item, text in ITEMS.items() if item != "alpha/notice/a"}
    store.workshop.build_site(left, withheld={"alpha/notice/a": "withdrawn"})

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ObjectStore, step, killed)
        with pytest.raises(KeyboardInterrupt):
            store.workshop.deploy()
    assert "release.json" in store.listing()
    store.workshop.build_site({"beta/notice/b": "乙"}, withheld={"alpha/notice/a2": "void"})
    with pytest.raises(DeployRefused, match="deploy-vanished"):
        store.workshop.deploy()
    store.workshop.deploy(confirmed=["alpha/notice/a2"])
    assert not {"alpha/notice/a.html", "alpha/notice/a2.html"} & store.listing()


def test_store_that_alters_what_it_is_given_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands there is looked at before anything is deleted, and before the release is believed to be live."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    live = (store.workshop.state / "releases" / "store" / "live").read_text("utf-8")
    put = ObjectStore._put

    def altering(self: ObjectStore, path: str, data: bytes, *more: Any) -> None:
        put(self, path, data.swapcase() if path == "index.html" else data, *more)

    left = {item: text for item, text in ITEMS.items() if item != "alpha/notice/a"}
    store.workshop.build_site(left, withheld={"alpha/notice/a": "withdrawn"})
    with monkeypatch.context() as patched:
        patched.setattr(ObjectStore, "_put", altering)
        with pytest.raises(DeployRefused, match=r"\[deploy-far-side\].*index\.html"):
            store.workshop.deploy()
    assert (store.workshop.state / "releases" / "store" / "live").read_text("utf-8") == live
    store.workshop.deploy()
    assert store.body("index.html") == (store.workshop.out / "index.html").read_bytes()
    assert "alpha/notice/a.html" not in store.listing()


def test_every_object_travels_with_its_digest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a store that encrypts nothing else tells that what arrived is what was sent."""
    client = objectstore._client
    sent: list[bool] = []

    def watched(*arguments: Any) -> Any:
        made = client(*arguments)
        put = made.put_object

        def seen(**asked: Any) -> Any:
            if not asked["Key"].endswith(objectstore.LOCK):
                digest = hashlib.md5(asked["Body"], usedforsecurity=False).digest()
                sent.append(asked.get("ContentMD5") == base64.b64encode(digest).decode())
            return put(**asked)

        made.put_object = seen
        return made

    monkeypatch.setattr(objectstore, "_client", watched)
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    assert len(sent) > len(ITEMS)
    assert all(sent)


def test_lock_that_another_makes_in_the_same_moment_is_theirs(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store may say so in two ways."""
    other, mine = lease(store, "other", Clock()), lease(store, "mine", Clock())
    other.take("other")
    refusal = ClientError({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": 409}}, "PutObject")  # type: ignore[typeddict-item]

    def conflicting(**_: Any) -> Any:
        raise refusal

    monkeypatch.setattr(store.client, "put_object", conflicting)
    with pytest.raises(LockedError, match="other"):
        mine.take("mine")


def test_file_that_was_edited_after_the_gate_is_not_uploaded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody builds, or edits the tree, while the release goes out."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    before = store.body("alpha/notice/a.html")
    store.workshop.build_site({**ITEMS, "alpha/notice/a": "改"})
    stage = ObjectStore.stage

    def edited(self: ObjectStore, *more: Any) -> None:
        (store.workshop.out / "alpha/notice/a.html").write_bytes(b"edited")
        stage(self, *more)

    monkeypatch.setattr(ObjectStore, "stage", edited)
    with pytest.raises(DeployRefused, match=r"\[deploy-tree-changed\].*alpha/notice/a\.html"):
        store.workshop.deploy()
    assert store.body("alpha/notice/a.html") == before


def test_object_that_cannot_be_deleted_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket whose rules keep what is there: nobody may believe that a withdrawn page is gone."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    client = objectstore._client

    def keeping(*arguments: Any) -> Any:
        made = client(*arguments)
        made.delete_objects = lambda **asked: {"Errors": asked["Delete"]["Objects"]}
        return made

    left = {item: text for item, text in ITEMS.items() if item != "alpha/notice/a"}
    store.workshop.build_site(left, withheld={"alpha/notice/a": "withdrawn"})
    with monkeypatch.context() as patched:
        patched.setattr(objectstore, "_client", keeping)
        with pytest.raises(FarSideError, match="删不掉"):
            store.workshop.deploy()
    assert "alpha/notice/a.html" in store.listing()
    store.workshop.deploy()
    assert "alpha/notice/a.html" not in store.listing()


def test_object_that_was_changed_or_added_is_mended(store: Store) -> None:
    """The listing tells what stands in the bucket, so the next release leaves no trace of tampering."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    store.client.put_object(Bucket=store.buckets[0], Key="alpha/notice/a.html", Body=b"tampered")
    store.client.put_object(Bucket=store.buckets[0], Key="phishing.html", Body=b"x")
    store.workshop.build_site({**ITEMS, "alpha/notice/new": "新"})
    store.workshop.deploy()
    assert store.body("alpha/notice/a.html") == (store.workshop.out / "alpha/notice/a.html").read_bytes()
    assert "phishing.html" not in store.listing()
    store.client.put_object(Bucket=store.buckets[0], Key="alpha/notice/a.html", Body=b"tampered")
    assert store.workshop.deploy().switched == ("store",)
    assert store.body("alpha/notice/a.html") == (store.workshop.out / "alpha/notice/a.html").read_bytes()
    store.client.put_object(Bucket=store.buckets[0], Key="phishing.html", Body=b"x")
    assert store.workshop.deploy().switched == ("store",)
    assert "phishing.html" not in store.listing()


def test_second_deploy_is_told(store: Store) -> None:
    """A lock object keeps a second deploy out, names its holder and goes with the first."""
    store.workshop.build_site(ITEMS)
    with opened(store.workshop.request(), store.workshop.definition.targets[0]) as side:
        side.take("somebody else")
        (store.workshop.state / "releases" / "store" / "lease").unlink()  # as on another machine
        with pytest.raises(LockedError, match="somebody else"):
            store.workshop.deploy()
    store.workshop.deploy()
    assert ".mingtang-lock" not in store.listing()


def test_lock_of_a_killed_deploy_is_known_again(store: Store) -> None:
    """The same state folder does not wait for its own lock to expire; another one does."""
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    with opened(store.workshop.request(), store.workshop.definition.targets[0]) as side:
        side.take("killed")
        lock = store.body(".mingtang-lock")
    store.client.put_object(Bucket=store.buckets[0], Key=".mingtang-lock", Body=lock)
    store.workshop.deploy()
    store.client.put_object(Bucket=store.buckets[0], Key=".mingtang-lock", Body=lock + b" elsewhere")
    with pytest.raises(LockedError, match="elsewhere"):
        store.workshop.deploy()


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


def lease(store: Store, machine: str, clock: Clock) -> Lease:
    memory = store.workshop.root / machine
    return Lease("store", store.client, store.buckets[0], "lock", memory, FileSystem(), clock)


def test_long_deploy_keeps_its_lock(store: Store) -> None:
    """A slow line may take hours: the lock is prolonged as long as something is sent."""
    clock = Clock()
    mine, other = lease(store, "mine", clock), lease(store, "other", clock)
    mine.take("mine")
    for _ in range(3):
        clock.wait(20)
        mine.keep()
        with pytest.raises(LockedError, match="mine"):
            other.take("other")
    mine.give_back()
    other.take("other")


class Racing:
    """A client by whose side something happens once, just after it has read the lock."""

    def __init__(self, client: Any, meanwhile: Callable[[], None], *, conditions: bool = True) -> None:
        self._client, self._meanwhile, self._conditions = client, meanwhile, conditions

    def get_object(self, **asked: Any) -> Any:
        answer = self._client.get_object(**asked)
        meanwhile, self._meanwhile = self._meanwhile, lambda: None
        meanwhile()
        return answer

    def put_object(self, **asked: Any) -> Any:
        if not self._conditions:  # as stores do that do not know them
            asked = {key: value for key, value in asked.items() if key not in ("IfMatch", "IfNoneMatch")}
        return self._client.put_object(**asked)

    def delete_object(self, **asked: Any) -> Any:
        return self._client.delete_object(**asked)


def racing(
    store: Store, clock: Clock, meanwhile: Callable[[], None], *, machine: str = "mine", conditions: bool = True
) -> Lease:
    client = cast("S3Client", Racing(store.client, meanwhile, conditions=conditions))
    return Lease("store", client, store.buckets[0], "lock", store.workshop.root / machine, FileSystem(), clock)


def test_expired_lock_is_taken_over_by_one(store: Store) -> None:
    """Two machines find the lock of a killed deploy at the same time."""
    clock = Clock()
    lease(store, "killed", clock).take("killed")
    clock.wait(31)
    other = lease(store, "other", clock)
    mine = racing(store, clock, lambda: other.take("other"))
    with pytest.raises(LockedError, match="other"):
        mine.take("mine")
    assert store.body("lock").endswith(b" other")
    other.confirm()


def test_lock_that_is_given_back_meanwhile_is_taken(store: Store) -> None:
    """It was there when it was to be made, and is gone when its holder is to be told."""
    clock = Clock()
    other = lease(store, "other", clock)
    other.take("other")
    clock.wait(31)
    racing(store, clock, lambda: store.client.delete_object(Bucket=store.buckets[0], Key="lock")).take("mine")
    assert store.body("lock").endswith(b" mine")


def test_lock_is_not_prolonged_over_another(store: Store) -> None:
    """It expired while it was looked at."""
    clock = Clock()
    other = lease(store, "other", clock)
    mine = racing(store, clock, lambda: None)
    mine.take("mine")
    clock.wait(31)
    mine._client = cast("S3Client", Racing(store.client, lambda: other.take("other")))
    with pytest.raises(LockedError):
        mine.keep()
    assert store.body("lock").endswith(b" other")


def test_store_that_knows_no_conditions_lets_one_of_two_go_on(store: Store) -> None:
    """Who wrote first is told before readers see anything of it; a lock that holds is never written over."""
    clock = Clock()
    lease(store, "killed", clock).take("killed")
    clock.wait(31)
    other = lease(store, "other", clock)
    mine = racing(store, clock, lambda: other.take("other"), conditions=False)
    mine.take("mine")
    mine.confirm()
    with pytest.raises(LockedError):
        other.confirm()
    with pytest.raises(LockedError, match="mine"):
        racing(store, clock, lambda: None, machine="third", conditions=False).take("third")


def test_answer_that_was_lost_on_the_way_keeps_nobody_out(store: Store) -> None:
    """The client asks again by itself, and is told that the lock is there: it is its own."""
    clock = Clock()
    put = store.client.put_object
    mine = lease(store, "mine", clock)

    class Lossy(Racing):
        def put_object(self, **asked: Any) -> Any:
            put(**asked)
            return put(**asked)

    mine._client = cast("S3Client", Lossy(store.client, lambda: None))
    mine.take("mine")
    assert store.body("lock").endswith(b" mine")


def test_clock_that_is_set_back_does_not_let_the_lock_expire(store: Store) -> None:
    """By its own time the lock holds for long; by that of the others it does not: the next upload asks."""
    clock, others = Clock(), Clock()
    mine, other = lease(store, "mine", clock), lease(store, "other", others)
    mine.take("mine")
    clock.wait(-120)
    others.wait(31)
    other.take("other")
    with pytest.raises(LockedError):
        mine.keep()


def test_lock_that_nobody_can_read_is_told(store: Store) -> None:
    """Somebody put it there by hand: whose it is, and until when, only people can find out."""
    store.workshop.build_site(ITEMS)
    store.client.put_object(Bucket=store.buckets[0], Key=".mingtang-target", Body=b"")
    for text in (b"", b"do not deploy", b"2026-11-02T09:00:00 without a zone", b"\xff"):
        store.client.put_object(Bucket=store.buckets[0], Key=".mingtang-lock", Body=text)
        with pytest.raises(LockedError, match=r"\.mingtang-lock"):
            store.workshop.deploy()
    store.client.delete_object(Bucket=store.buckets[0], Key=".mingtang-lock")
    store.workshop.deploy()


def test_deploy_that_lost_its_lock_stops_and_frees_no_other(store: Store) -> None:
    """It slept longer than the lock holds, and another has begun since."""
    clock = Clock()
    mine, other = lease(store, "mine", clock), lease(store, "other", clock)
    mine.take("mine")
    clock.wait(31)
    other.take("other")
    mine.give_back()
    assert store.body("lock").endswith(b" other")
    other.give_back()
    mine.take("mine")
    clock.wait(31)
    other.take("other")
    with pytest.raises(LockedError):
        mine.keep()


def test_foreign_bucket_is_left_alone(store: Store) -> None:
    """Nothing is deleted where our marker is not."""
    store.client.put_object(Bucket=store.buckets[0], Key="precious", Body=b"x")
    store.workshop.build_site(ITEMS)
    with pytest.raises(UsageError):
        store.workshop.deploy()
    assert store.listing() == {"precious"}


def test_bucket_that_another_machine_released_to_is_refused(store: Store) -> None:
    """Without the record of what is live nobody can tell what would vanish."""
    import shutil

    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    shutil.rmtree(store.workshop.state / "releases")
    store.workshop.build_site({**ITEMS, "alpha/notice/new": "新"})
    with pytest.raises(DeployRefused, match="deploy-store-unknown"):
        store.workshop.deploy()
    store.workshop.deploy(deletions=True)
    assert "alpha/notice/new.html" in store.listing()


def test_credentials_come_from_the_environment_only(store: Store, tmp_path: Path) -> None:
    """Without the two variables the deploy says so, and nothing that is said or kept holds them."""
    store.workshop.build_site(ITEMS)
    store.workshop.environment.clear()
    with pytest.raises(UsageError, match="AWS_SECRET_ACCESS_KEY"):
        store.workshop.deploy()
    store.workshop.environment |= CREDENTIALS
    store.workshop.deploy()
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and b"open-sesame" in path.read_bytes()]
    assert kept == []
    assert not any("open-sesame" in line for line in store.workshop.said)


def on_two_servers(root: Path) -> Workshop:
    targets = (
        LocalTarget(name="portal", path=root / "portal", sites=("portal",)),
        LocalTarget(name="own", path=root / "own", sites=("beta",)),
    )
    workshop = Workshop(root, cluster(own_hosts=("beta",)), targets)
    workshop.definition = Definition(targets=targets, deletion_cap=100)
    return workshop


def test_host_that_gains_and_loses_pages_is_bridged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New pages stand before the portal's index names them, old ones until it names them no more."""
    from generator.deploy.server import Server

    workshop = on_two_servers(tmp_path)
    workshop.build_site(ITEMS)
    workshop.deploy()
    seen: list[tuple[str, bool, bool]] = []
    switch = Server.switch

    def watched(self: Server, *more: Any) -> None:
        switch(self, *more)
        pages = tmp_path / "own/current/public/beta/notice"
        seen.append((self.name, (pages / "new.html").exists(), (pages / "b.html").exists()))

    monkeypatch.setattr(Server, "switch", watched)
    changed = {**ITEMS, "beta/notice/new": "新"}
    del changed["beta/notice/b"]
    workshop.build_site(changed, withheld={"beta/notice/b": "withdrawn"})
    workshop.deploy()
    assert seen == [("own", True, True), ("portal", True, True), ("own", True, False)]
    assert len(list((tmp_path / "own/releases").iterdir())) == 1, "the bridge held what has left"


def test_hosts_of_a_cluster_on_different_targets_switch_in_order(tmp_path: Path) -> None:
    """A host that gains pages goes before the portal's index, one that loses pages after it."""
    workshop = on_two_servers(tmp_path)
    workshop.build_site(ITEMS)
    assert workshop.deploy().switched == ("own", "portal")
    workshop.build_site({**ITEMS, "beta/notice/new": "新"})
    assert workshop.deploy().switched == ("own", "portal")
    workshop.build_site({"alpha/notice/a": "甲", "beta/notice/new": "新"}, withheld={"beta/notice/b": "withdrawn"})
    assert workshop.deploy().switched == ("portal", "own")
    assert not (tmp_path / "own/current/public/beta/notice/b.html").exists()
    assert (tmp_path / "own/current/public/search/index.json").is_file()
    assert not (tmp_path / "own/current/public/alpha").exists()
    assert not (tmp_path / "portal/current/public/beta").exists()


def encrypting(client: S3Client) -> S3Client:
    """A client of a store that encrypts under keys of its own, so that its tags tell nothing of the bytes."""

    def put(parsed: dict[str, Any], **_: object) -> None:
        parsed["ETag"] = f'"{parsed["ETag"].strip(chr(34))[::-1]}"'

    def listed(parsed: dict[str, Any], **_: object) -> None:
        for one in parsed.get("Contents", []):
            put(one)

    client.meta.events.register("after-call.s3.PutObject", put)
    client.meta.events.register("after-call.s3.ListObjectsV2", listed)
    return client


def test_store_that_encrypts_is_told_by_its_own_tags(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was put there is verified and not sent again; what somebody changed there is."""
    plain_client = objectstore._client
    monkeypatch.setattr(objectstore, "_client", lambda *given: encrypting(plain_client(*given)))
    changed, other = "alpha/notice/a.html", "alpha/notice/a2.html"
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()
    assert store.body(changed) == site(ITEMS)[changed]
    store.workshop.said.clear()
    edited = ITEMS | {"alpha/notice/a": "甲改"}
    store.workshop.build_site(edited)
    store.client.put_object(Bucket=store.buckets[0], Key=other, Body=site(ITEMS)[other][::-1])
    store.workshop.deploy()
    assert store.body(changed) == site(edited)[changed]
    assert store.body(other) == site(ITEMS)[other]
    sent = next(line for line in store.workshop.said if line.startswith("store：上传"))
    assert 0 < int(sent.split()[1]) < len(store.listing()) / 2, sent
    for place in store.workshop.root.rglob("etags.json"):
        place.write_bytes(b"{")
    store.workshop.build_site(ITEMS)
    store.workshop.deploy()  # all is sent again
    assert store.body(changed) == site(ITEMS)[changed]
