"""What the publication room refuses, and how each refusal is mended."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

TABLE_SHAPE = Fault(
    "PUB-001",
    "The table '{table}' is not a table: {problem}.",
    "A table has unique column keys and titles, and every row has one cell a column.",
    "Mend the maker of the table; nothing was written.",
    exit=Exit.FAULT,
)
GIVES_BACK = Fault(
    "PUB-002",
    "The release would give back a hidden figure: {indicator} by {breakdown}.",
    "One category alone is hidden, so the total less the others tells its size.",
    "Run the analysis again with complementary suppression; release nothing until then.",
    exit=Exit.REFUSED,
)
NOT_HIDDEN = Fault(
    "PUB-003",
    "The results show a figure that stands on fewer than {threshold} people.",
    "The figure came from a run with another disclosure rule, or was changed since.",
    "Run the analysis again under the study's rule (SAF-53), then release.",
    exit=Exit.REFUSED,
)
WRONG_STUDY = Fault(
    "PUB-004",
    "The results belong to the study '{results}', not to '{study}'.",
    "A run of one study was given with the folder of another.",
    "Name the study whose results are to be released.",
)
NO_MANIFEST = Fault(
    "PUB-005",
    "The folder holds no readable release.json.",
    "It is not a release folder, or the list of its files was lost or cut short.",
    "Give the folder that holds release.json, or fetch the release again.",
)
NOT_THE_RELEASE = Fault(
    "PUB-006",
    "The folder is not the release as made: {problem}.",
    "Files were changed, lost or added after the release was made.",
    "Fetch the release again from the publisher, and compare the digest printed there.",
    exit=Exit.NOT_VERIFIED,
)
EMBARGO = Fault(
    "PUB-007",
    "The release of '{study}' may not be published before {day}.",
    "The study's calendar holds figures back until its publication date.",
    "Wait for the date, or make a preview for those named in the release plan.",
    exit=Exit.REFUSED,
)
NO_CHANGE = Fault(
    "PUB-008",
    "Nothing changed since version {version} of '{study}'.",
    "The release made now is the same, byte for byte, as the one in force.",
    "Nothing needs doing. A correction needs a new run or a changed study.",
    exit=Exit.REFUSED,
)
NEEDS_REASON = Fault(
    "PUB-009",
    "A new version of '{study}' needs a sentence saying what was corrected.",
    "Readers of the earlier version must be told what changed and why.",
    "Give the reason: it is printed on the release and in the ledger.",
)
NOT_FOUND = Fault(
    "PUB-010",
    "There is no release '{release}'.",
    "The name is misspelt, or that version was withdrawn.",
    "Choose one from the list of releases.",
)
FOLDER_IN_USE = Fault(
    "PUB-011",
    "The folder is not empty and holds no release.",
    "Writing a release there could bury or remove files of something else.",
    "Name an empty or new folder, or one that holds an earlier release.",
)
NO_RESULTS = Fault(
    "PUB-012",
    "The study '{study}' has no results to publish.",
    "No analysis has been run on it yet.",
    "Close fieldwork, collect the responses and run the analysis first.",
)
