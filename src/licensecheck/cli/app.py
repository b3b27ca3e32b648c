"""The root command, settings, and how errors leave the program."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from licensecheck import version
from licensecheck.errors import LicensecheckError

INTERRUPTED = 130
USAGE = 2
COMMANDS = {
    "audit": "Check models against a policy; the gate for CI.",
    "identify": "Which license a text is, and how it differs from the nearest one.",
    "inspect": "Show what a model's license is, and why.",
    "licenses": "What licenses say: list, search, show.",
    "policy": "Make a policy.",
    "sbom": "Write an SPDX document on the models.",
}
"""Every command, one module of this folder each, and its line in the help."""


class _LazyGroup(click.Group):
    """A group that imports a command when it is run: `--help` needs none of them."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"licensecheck.cli.{name}"), name)
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, context: click.Context) -> Any:
        from licensecheck.cli.settings import settings

        context.default_map = settings(self, context)
        return super().invoke(context)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version.__version__, prog_name="licensecheck")
def app() -> None:
    """Check the licenses of AI models against your policy.

    \b
    licensecheck policy init > license-policy.toml   make a policy, then read it
    licensecheck audit -r models.txt                 check a list of models
    licensecheck inspect org/name                    see what a model's license is, and why
    """


def run(arguments: list[str] | None = None) -> int:  # noqa: PLR0911  one return a way out
    """Run the command line and return its exit code; a traceback is shown only with LICENSECHECK_DEBUG=1."""
    try:
        result = app.main(arguments, prog_name="licensecheck", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _fail("interrupted", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return USAGE
    except LicensecheckError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader of the output has gone (`| head`); what is left cannot be written to anyone.
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  replaced so that the exit flushes nowhere
        return USAGE
    except OSError as error:
        return _fail(f"cannot read or write: {error.strerror or error}", USAGE)
    except Exception as error:
        if os.environ.get("LICENSECHECK_DEBUG") == "1":
            raise
        message = f"internal error: {type(error).__name__}: {error}"
        return _fail(f"{message}\n  help: please report this; LICENSECHECK_DEBUG=1 shows more", USAGE)


def _fail(message: str, code: int) -> int:
    click.echo(f"error: {message}", err=True)
    return code
