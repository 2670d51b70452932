"""Real servers on loopback for the tests of releases: nginx, sshd and an S3 server. Each is a context manager."""

from __future__ import annotations

import datetime
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from generator.deploy.definition import SshTarget, WebServer
from generator.deploy.nginx import format_nginx
from generator.model import Cluster

WORKERS = 2
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def program(*names: str) -> str | None:
    """The first of these programs that is installed, also looked for where servers usually are."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"))
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


def missing(*names: str) -> str:
    """A reason to skip, naming the programs that are not installed; empty when all are."""
    absent = [name for name in names if program(name) is None]
    return f"not installed: {', '.join(absent)} (sh tests/setup.sh installs it)" if absent else ""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until somebody listens; a server that ends before that fails the test with its log."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"the server ended: {log.read_text('utf-8', 'replace') if log.exists() else ''}")


def make_certificates(folder: Path, hosts: Sequence[str]) -> Path:
    """A self-signed certificate for all hosts, where the configuration looks for each; gives its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hosts[0])])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for host in hosts:
        place = folder / host
        place.mkdir(parents=True, exist_ok=True)
        (place / "fullchain.pem").write_bytes(pem)
        (place / "privkey.pem").write_bytes(secret)
    return folder / hosts[0] / "fullchain.pem"


class Nginx(NamedTuple):
    """A running nginx with the written configuration."""

    http: int
    https: int
    certificate: Path
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def address(self) -> tuple[str, int]:
        """Where HTTPS is listened for."""
        return ("127.0.0.1", self.https)

    def reload(self) -> None:
        """Have it read its configuration again, and wait until only workers that have read it take connections.

        A worker that is shutting down takes none, though it may still serve those that it has.
        """
        before = self.workers()
        told = self.log.stat().st_size if self.log.exists() else 0
        self.process.send_signal(signal.SIGHUP)
        while not (now := self.workers()) - before or now & before:
            complaint = self.log.read_text("utf-8", "replace")[told:] if self.log.exists() else ""
            if self.process.poll() is not None or "[emerg]" in complaint:
                raise AssertionError(f"the configuration was not taken: {complaint}")
            time.sleep(0.02)

    def workers(self) -> set[str]:
        """The workers that take connections."""
        listed = subprocess.run(
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        lines = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
        return {number for number, title in lines if title == "nginx: worker process"}


@contextmanager
def nginx(
    root: Path, cluster: Cluster, served: Path, hosts: Sequence[str], old_hosts: tuple[str, ...] = ()
) -> Iterator[Nginx]:
    """nginx that serves ``served`` with the configuration that ``webserver nginx`` writes."""
    root.mkdir(parents=True, exist_ok=True)
    certificate = make_certificates(root / "certificates", [*hosts, *old_hosts])
    http, https = free_port(), free_port()
    settings = WebServer(
        path=str(served),
        certificates=str(root / "certificates"),
        listen="127.0.0.1",
        http=http,
        https=https,
        brotli=BROTLI.exists(),
    )
    (root / "mingtang.conf").write_text(format_nginx(cluster, settings, old_hosts), "utf-8")
    module = f"load_module {BROTLI};\n" if BROTLI.exists() else ""
    user = f"user {getpass.getuser()};\n" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"    {kind}_temp_path {root}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (root / "nginx.conf").write_text(
        f"{user}{module}daemon off;\nworker_processes {WORKERS};\npid {root}/nginx.pid;\nerror_log {root}/error.log;\n"
        f"events {{ worker_connections 256; }}\nhttp {{\n    access_log off;\n{temporary}"
        f"    include {root}/mingtang.conf;\n}}\n",
        "utf-8",
    )
    command = [str(program("nginx")), "-p", str(root), "-e", str(root / "error.log"), "-c", str(root / "nginx.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=(root / "stderr.log").open("wb"))
    try:
        wait_for(https, process, root / "stderr.log")
        running = Nginx(http, https, certificate, process, root / "error.log")
        while len(running.workers()) < WORKERS:  # the port is open before anybody takes connections from it
            time.sleep(0.02)
        yield running
    finally:
        process.terminate()
        process.wait()


class Sshd(NamedTuple):
    """A running sshd that lets the test's own key in."""

    port: int
    known_hosts: Path
    identity: Path
    process: subprocess.Popen[bytes]

    def target(self, name: str, path: Path, sites: Sequence[str]) -> SshTarget:
        """A target of ``deploy.yml`` on this server."""
        return SshTarget(
            name=name,
            host="127.0.0.1",
            port=self.port,
            user=getpass.getuser(),
            path=str(path),
            known_hosts=self.known_hosts,
            sites=tuple(sites),
        )


@contextmanager
def sshd(root: Path) -> Iterator[Sshd]:
    """sshd on loopback with keys of its own."""
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    for name in ("host_key", "user_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(root / name)], check=True)
    shutil.copy(root / "user_key.pub", root / "authorized_keys")
    port = free_port()
    (root / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {root}/host_key\nPidFile {root}/sshd.pid\n"
        f"AuthorizedKeysFile {root}/authorized_keys\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        "PermitRootLogin prohibit-password\nMaxStartups 100\nPrintMotd no\n",
        "utf-8",
    )
    if os.geteuid() == 0:
        subprocess.run(["mkdir", "-p", "/run/sshd"], check=True)  # sshd wants it, and makes it only as a service
    host_key = (root / "host_key.pub").read_text("utf-8").split()
    (root / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key[0]} {host_key[1]}\n", "utf-8")
    command = [str(program("sshd")), "-D", "-e", "-f", str(root / "sshd_config")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=(root / "sshd.log").open("wb"))
    try:
        wait_for(port, process, root / "sshd.log")
        yield Sshd(port, root / "known_hosts", root / "user_key", process)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def object_store(root: Path) -> Iterator[str]:
    """An S3 server from a package; gives its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()
