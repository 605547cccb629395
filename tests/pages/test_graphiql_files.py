"""Others' files in GraphiQL's page are what the manifest says."""

from __future__ import annotations

from hashlib import sha256

from graphql_api.pages.graphiql.renew import FOLDER, MANIFEST, read_manifest


def test_the_files_of_others_are_those_of_the_manifest() -> None:
    listed = {file["name"]: file["sha256"] for package in read_manifest() for file in package["files"]}
    found = {
        path.name: sha256(path.read_bytes()).hexdigest() for path in FOLDER.iterdir() if path != MANIFEST
    }
    assert found == listed


def test_each_package_says_its_version_source_and_licence() -> None:
    for package in read_manifest():
        name, version = package["name"], package["version"]
        archive = f"{name.rpartition('/')[2]}-{version}.tgz"
        assert package["source"] == f"https://registry.npmjs.org/{name}/-/{archive}"
        assert package["integrity"].startswith("sha512-")
        assert package["licence"] in {"MIT", "Apache-2.0", "OFL-1.1"}
        assert (FOLDER / package["licence_file"]).is_file()
