"""Permissions, roles, and which role holds which permission."""

from enum import StrEnum


class Permission(StrEnum):
    """What a member of staff may do."""

    HAVE_ACCOUNT = "have-account"
    SEE_RELEASES = "see-releases"
    DOWNLOAD_REPORTS = "download-reports"
    DOWNLOAD_TABLES = "download-tables"
    PROPOSE_RELEASES = "propose-releases"
    DECIDE_RELEASES = "decide-releases"
    SEE_TRAIL = "see-trail"
    SEE_BUNDLES = "see-bundles"
    DOWNLOAD_BUNDLES = "download-bundles"
    WORK_ON_TEXTS = "work-on-texts"
    WRITE_THEMES = "write-themes"
    SEAL_VOICES = "seal-voices"


class Role(StrEnum):
    """What a member of staff is. No role reaches what another one is for."""

    COORDINATOR = "coordinator"
    RESEARCHER = "researcher"
    REDACTOR = "redactor"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(
        {
            Permission.HAVE_ACCOUNT,
            Permission.SEE_RELEASES,
            Permission.DOWNLOAD_REPORTS,
            Permission.DOWNLOAD_TABLES,
            Permission.WRITE_THEMES,
            Permission.PROPOSE_RELEASES,
            Permission.DECIDE_RELEASES,
            Permission.SEE_TRAIL,
            Permission.SEAL_VOICES,
        }
    ),
    Role.RESEARCHER: frozenset({Permission.HAVE_ACCOUNT, Permission.SEE_BUNDLES, Permission.DOWNLOAD_BUNDLES}),
    Role.REDACTOR: frozenset({Permission.HAVE_ACCOUNT, Permission.WORK_ON_TEXTS}),
}


def may(role: Role, permission: Permission) -> bool:
    """Tell whether `role` holds `permission`."""
    return permission in PERMISSIONS[role]
