"""Texts that tell something in places that no list of fields knows, and what must be gone of them.

The values are invented; the texts are those that clients, shells, schedulers and services print.
"""

import base64
import json
import unicodedata

HUNTER = "hunter2pw"
KEY = "abcd12345678"
LONG = "abcdEFGH1234567890"
IN_UTF16 = base64.b64encode(HUNTER.encode("utf-16-le")).decode()
TWICE = base64.b64encode(base64.b64encode(b"a hunter2pw b")).decode()
ON_X = "https://eve:hunter2pw@x.acme.example/"

ADDRESSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("channel_alias: https://bob:hunter2@conda.acme.example/x", ("hunter2", "conda.acme")),
    ("  https://tok3nvalue@conda.acme.example/x: strict", ("tok3nvalue",)),
    ("proxy_servers:\n  https: eve:hunter2pw@10.3.2.1:3128", (HUNTER, "eve")),
    ("proxy_servers:\n  https: eve:hunter2pw@proxy.acme.example:3128", (HUNTER, "eve")),
    ("using http://eve@acme.example:hunter2pw@proxy:3128 now", (HUNTER, "eve")),
    ("https://eve:123@proxy.acme.example/x", (":123@",)),
    ("https://eve:git@proxy.acme.example/x", (":git@",)),
    ("https://eve:$uperS3cret!@proxy.acme.example/x", ("uperS3cret",)),
    ("https:\\/\\/eve:hunter2pw@x.acme.example\\/t\\/aa1bb2cc3\\/x", (HUNTER, "aa1bb2cc3")),
    ("https%3A%2F%2Feve%3Ahunter2pw%40x.acme.example%2Fx", (HUNTER, "acme")),
    ("https://user%40acme.com:pw%3Dhunter@x.acme.example", ("hunter", "user%40acme")),
    ("conda.anaconda.org/t/abcd12345678/acme", (KEY,)),
    ("https://x.acme.example/get/abcd12345678/linux-64", (KEY,)),
    ("https://x.acme.example/api/conda/merger-2026/linux-64/x", ("merger-2026",)),
    ("https://acme.jfrog.io/artifactory/api/conda/merger-conda/noarch", ("acme", "merger")),
    ("https://acme.blob.core.windows.net/merger?sv=2020&sig=abcd1234%3D", ("merger", "abcd1234")),
    ("https://a.s3.amazonaws.com/x?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F2024", ("AKIAIOSF",)),
    ("git@gitlab.acme.example:team-merger/secret-thing.git", ("team-merger", "secret-thing")),
    ("git+ssh://git@gitlab.acme.example/merger/x.git@main", ("acme", "merger")),
    ("channel: \\\\fileserver17\\conda\\merger", ("fileserver17", "merger")),
    ("jdbc:postgresql://db.acme.example/x?user=eve&password=hunter2pw", (HUNTER, "db.acme")),
)

HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("> Cookie: session=abcd1234; csrf=zzzz9999", ("abcd1234", "zzzz9999")),
    ("< set-cookie: sid=abcd1234; Path=/; Secure", ("abcd1234",)),
    ("curl -H 'X-JFrog-Art-Api:abcd12345678' https://x.acme.example", (KEY,)),
    ("X-API-Key: abcd12345678", (KEY,)),
    ("PRIVATE-TOKEN: abcd12345678", (KEY,)),
    ("Proxy-Authorization: Basic ZXZlOmh1bnRlcjI=", ("ZXZlOmh1bnRlcjI",)),
    ("Authorization: Negotiate YIIJvwYGKwYBBQUCoIIJszCCCa", ("YIIJvwYG",)),
    ("Authorization: ApiKey abcd12345678", (KEY,)),
    ('Authorization: Digest username="eve", realm="x", response="6629fae49393a0"', ("6629fae4",)),
    ("Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/2013, Signature=fe5f80f77d",
     ("AKIAIOSF", "fe5f80f77d")),
    ("headers: {'Authorization': b'Basic ZXZlOmh1bnRlcjI=', 'x': 1}", ("ZXZlOmh1bnRlcjI",)),
    ("//registry.acme.example/:_authToken=abcd12345678", (KEY, "acme")),
)  # fmt: skip

VALUES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("password: $uperS3cret!", ("uperS3cret",)),
    ("password: (uperS3cret)", ("uperS3cret",)),
    ("password: [uperS3cret", ("uperS3cret",)),
    ("password: {uperS3cret", ("uperS3cret",)),
    ("['anaconda', '--token', 'abcd12345678', 'upload']", (KEY,)),
    ('["--password","abcd12345678"]', (KEY,)),
    ("curl --proxy-user eve:hunter2pw https://x.acme.example", (HUNTER,)),
    ("sshpass -p hunter2pw ssh x", (HUNTER,)),
    ("anaconda -t abcd12345678 upload x", (KEY,)),
    ("<password>hunter2pw</password>", (HUNTER,)),
    ('password = """hunter2pw"""', (HUNTER,)),
    ("`token` = `hunter2pw`", (HUNTER,)),
    ("password: >\n\n  hunter2pw\nnext: 1", (HUNTER,)),
    ("password:\n  hunter2pw\nnext: 1", (HUNTER,)),
    ("passwords:\n  - hunter2pw\n", (HUNTER,)),
    ("mysql pw=hunter2pw", (HUNTER,)),
    ("default login eve password hunter2pw", (HUNTER,)),
    ("machine x.acme.example\n  login eve\n  password hunter2pw\n", (HUNTER,)),
    ("machine x.acme.example password hunter2pw login eve", (HUNTER,)),
    ("setenv CONDA_TOKEN hunter2pw", (HUNTER,)),
    ("set -gx CONDA_TOKEN hunter2pw", (HUNTER,)),
    ("$env:CONDA_TOKEN = 'hunter2pw'", (HUNTER,)),
    ("token => 'hunter2pw'", (HUNTER,)),
    ("CONDA_TOKEN is 'abcd12345678'", (KEY,)),
    ('BearerToken("hunter2pw")', (HUNTER,)),
    ('BasicHTTP { username: "eve", password: "hunter2pw" }', (HUNTER,)),
    ("Quetz api key: abcd12345678", (KEY,)),
    (f"AccountKey={LONG}{LONG}==;End", (LONG,)),
    ('{"auths":{"reg.acme.example":{"auth":"ZXZlOmh1bnRlcjJwdw=="}}}', ("ZXZlOmh1bnRl", "acme")),
    ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabcdefgh eve@laptop", ("eve", "laptop", "AAAAC3Nza")),
    *((f"log: {token}", (LONG,)) for token in (
        f"sk-proj-{LONG}{LONG}", f"sk-ant-api03-{LONG}{LONG}", f"sk_live_{LONG}", f"hvs.{LONG}",
        f"dckr_pat_{LONG}", f"nvapi-{LONG}", f"ya29.a0{LONG}", f"ATATT3xFfGF0{LONG}",
        f"SG.{LONG}.{LONG}", f"glrt-{LONG}", f"cmVmdGtuOjAx{LONG}", f"AKCp8{LONG}",
        f"GOCSPX-{LONG}", f"npm_{LONG}")),
)  # fmt: skip

SPELLINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (f"{ON_X} powershell -EncodedCommand {IN_UTF16}", (HUNTER, IN_UTF16[2:10])),
    (f"{ON_X} twice {TWICE}", (HUNTER, TWICE)),
    (f"{ON_X} hun\ufeffter2pw hun\u2061ter2pw hun\U000e0041ter2pw", ("ter2pw",)),
    ("https://eve:h%C3%BCnter2pw@x.acme.example/ b'h\\xc3\\xbcnter2pw' h\\303\\274nter2pw "
     "h\\u{fc}nter2pw " + unicodedata.normalize("NFD", "hünter2pw"), ("nter2pw",)),
    ("https://eve:h%F0%9F%98%80nter2pw@x.acme.example/ " + json.dumps("h😀nter2pw"), ("nter2pw",)),
    ("dob=%62%6f%62 &#98;&#111;&#98; b'\\x62\\x6f\\x62'", ("%62%6f%62", "&#98;&#111;", "\\x62")),
    ("bob\u0301 BOB bOb 'bob', bob_, x.bob, bob@x", ("bob",)),
)  # fmt: skip

MACHINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("[eve@gpu17 merger]$ conda info", ("eve", "gpu17", "merger")),
    ("(base) eve@gpu17:~/merger$ conda info", ("eve", "gpu17", "merger")),
    ("eve@Eves-MacBook-Pro merger % conda info", ("eve", "MacBook", "merger")),
    ("(acme-x1) [eve@gpu17 ~]$ conda info", ("eve", "gpu17", "acme-x1")),
    ("eve@gpu17: Permission denied (publickey)", ("eve", "gpu17")),
    ("rsync -a eve@gpu17:data/ .", ("eve", "gpu17")),
    ("srun: error: node0123: task 0: Illegal instruction", ("node0123",)),
    ("slurmstepd: error: *** JOB 4839201 ON node0123 CANCELLED", ("node0123", "4839201")),
    ("gpu-a100-07 and GPU-A100-03.HPC.ACME.EXAMPLE", ("a100-07", "a100-03")),
    ("Submitted batch job 4839201, job 4839201.pbs01", ("4839201", "pbs01")),
    ("NodeName=gpu17 Arch=x86_64, SLURM_JOB_NODELIST=gpu[17-19]", ("gpu17", "gpu[17")),
    ("Linux gpu17 5.14.0-362.el9.x86_64 #1 SMP", ("gpu17",)),
    ("HTTPSConnectionPool(host='conda.acme.io', port=443): Max retries exceeded with url: "
     "/merger/linux-64/repodata.json", ("acme", "merger")),
    ("Could not resolve host: artifacts", ("artifacts",)),
    ("Failed to resolve 'artifacts' ([Errno -2] Name or service not known)", ("artifacts",)),
    ("curl: (7) Failed to connect to artifacts port 443 after 3 ms", ("artifacts",)),
    ("connect to conda.acme.io:443 failed", ("acme",)),
    ("Connection to 134.61.22.5 port 443 failed, connect: 134.61.22.6:443", ("134.61.22",)),
    ("at 2001:638:a00:1::17 and 100.100.3.4", ("2001:638:a00", "100.100.3.4")),
    ("id S-1-5-21-3623811015-3361044348-30300820-1013", ("3623811015",)),
    ("mac 0a-1b-2c-3d-4e-5f", ("0a-1b-2c",)),
    ("mac 0a1b.2c3d.4e5f", ("0a1b", "4e5f")),
    ("issuer: CN=Eve Miller,OU=Merger,DC=acme,DC=example", ("Miller", "Merger", "DC=acme")),
    ("subject: C=DE; ST=Bavaria; O=Acme Corp; CN=x", ("Acme Corp",)),
    ("subject=/C=DE/O=Acme Corp/CN=merger", ("Acme Corp", "merger")),
    ("uid=1234(eve) gid=500(mergergrp) groups=500(mergergrp),7(tank7)", ("mergergrp", "tank7")),
    ("FROM registry.acme.example:5000/merger/mambaorg/micromamba:1.5.8", ("acme", "merger")),
    ("image: registry.acme.example/merger/tool:1", ("acme", "merger")),
    ("mail müller@bücher.de and eve@acme.io", ("müller", "bücher", "eve@")),
)  # fmt: skip

PATHS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("error    Unable to load '/gpfs/acme-corp/etc/condarc'", ("acme-corp",)),
    ("Cannot write to '/gpfs/acme corp/merger plan/env'", ("acme", "corp", "merger", "plan")),
    ("in /gpfs/acme/bin:/gpfs/merger/bin", ("acme", "merger")),
    ("2>/gpfs/acme/log -L/gpfs/acme/lib @/gpfs/acme/x (/gpfs/acme/bin/mamba)", ("acme",)),
    ("file:///gpfs/acme/x file:/gpfs/acme/x file://localhost/gpfs/acme/x", ("acme",)),
    ('File "/opt/acme-conda/lib/python3.12/site-packages/conda/index.py", line 3', ("acme-conda",)),
    ("D:\\Acme\\Merger plan\\environment.yml missing", ("Acme", "Merger")),
    (json.dumps("D:\\Acme\\Merger\\environment.yml"), ("Acme", "Merger")),
    ("\\\\?\\C:\\Acme\\merger\\x C:/Acme/merger/y", ("acme", "merger")),
    ("C:\\Users\\Eve Miller\\envs and C:/Users/Eve Miller/x", ("Miller", "Eve")),
    ("/mnt/c/Users/Eve/x /cygdrive/c/Users/eve/y ~eve/x", ("Eve",)),
    ("/HOME/BOB/x /Home/Bob/y /data/home/eve/x", ("bob", "eve")),
    ("/scratch/slurm-4839201/x and /local/4839201/y", ("4839201",)),
    ("alias conda=$HOME/acme/bin/conda; ~/merger/x ../acme/y", ("acme", "merger")),
    ("Not a conda environment: /gpfs/e/acme-x1", ("acme-x1",)),
    ("conda activate acme-x1; mamba create -n acme-x1 python", ("acme-x1",)),
    ("EnvironmentNameNotFound: Could not find conda environment: acme-x1", ("acme-x1",)),
    ("envs/acme-x1/bin/python missing", ("acme-x1",)),
    ("base  /opt/conda\nacme-x1 *  /opt/conda/envs/acme-x1", ("acme-x1",)),
)

EVERY = (*ADDRESSES, *HEADERS, *VALUES, *SPELLINGS, *MACHINES, *PATHS)
