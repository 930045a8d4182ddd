"""Settings from the environment or ``.env``. The Slack names are those that every Slack developer already has in the shell."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from copbot.core.errors import Mistake

HOW_TO_GET = {
    "SLACK_BOT_TOKEN": "it starts with xoxb- and stands at https://api.slack.com/apps > your app > OAuth & Permissions",
    "SLACK_APP_TOKEN": "it starts with xapp- and is made at https://api.slack.com/apps > your app > Basic Information > "
    "App-Level Tokens, with the scope connections:write",
    "SLACK_SIGNING_SECRET": "it stands at https://api.slack.com/apps > your app > Basic Information > App Credentials",
    "COPBOT_MODE": "write socket or http",
    "COPBOT_HTTP_PORT": "write a port number such as 3000",
    "COPBOT_LOG_LEVEL": "write debug, info, warning or error",
    "COPBOT_LOG_FORMAT": "write text or json",
    "COPBOT_COMMAND": "write a slash and lower-case letters, such as /cop",
    "SLACK_API_URL": "write an address such as https://slack.com/api/",
}


class Settings(BaseSettings):
    """All settings. Secrets are SecretStr, so that no log and no repr shows them."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = Field("https://slack.com/api/", pattern=r"^https?://\S+$")
    database_url: str = "sqlite:///copbot.db"
    copbot_mode: Literal["socket", "http"] | None = None
    copbot_http_host: str = "127.0.0.1"
    copbot_http_port: int = Field(3000, ge=0, le=65535)
    copbot_schedules_dir: Path = Path("schedules")
    copbot_prompts_dir: Path = Path("prompts")
    copbot_command: str = Field("/cop", pattern=r"^/[a-z0-9_-]{1,31}$")
    copbot_log_level: Literal["debug", "info", "warning", "error"] = "info"
    copbot_log_format: Literal["text", "json"] | None = None

    @property
    def mode(self) -> Literal["socket", "http"]:
        """How Slack's events come: as told, else over a socket where there is an app token."""
        return self.copbot_mode or ("http" if self.slack_app_token is None else "socket")

    @property
    def serves_http(self) -> bool:
        """Whether anything is answered over HTTP: in HTTP mode, else where a port was named."""
        return self.mode == "http" or "copbot_http_port" in self.model_fields_set

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, url: str) -> str:
        return url if url.endswith("/") else url + "/"

    @field_validator("copbot_log_level", "copbot_log_format", "copbot_mode", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def load_settings() -> Settings:
    """The settings as they stand. Raises Mistake that names the first wrong variable and how to mend it."""
    try:
        return Settings()
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "a setting"
        raise Mistake(f"{name} is wrong ({first['msg']}): {HOW_TO_GET.get(name, 'correct it')}") from None
    except UnicodeDecodeError:
        raise Mistake(".env is not UTF-8 text: save it as UTF-8") from None


def tokens(settings: Settings) -> tuple[str, str]:
    """The bot token and the app token that Socket Mode needs. Raises Mistake when one is missing or of the wrong kind."""
    return bot_token(settings), app_token(settings)


def signing_secret(settings: Settings) -> str:
    """What Slack signs its requests with in HTTP mode. Raises Mistake when it is missing."""
    secret = settings.slack_signing_secret.get_secret_value().strip() if settings.slack_signing_secret else ""
    if secret:
        return secret
    if settings.copbot_mode is None:  # nothing says which of the two is meant
        raise Mistake(
            f"SLACK_APP_TOKEN is not set: {HOW_TO_GET['SLACK_APP_TOKEN']}. "
            f"Or, for HTTP mode, set SLACK_SIGNING_SECRET: {HOW_TO_GET['SLACK_SIGNING_SECRET']}"
        )
    raise Mistake(f"SLACK_SIGNING_SECRET is not set: {HOW_TO_GET['SLACK_SIGNING_SECRET']}")


def check_access(settings: Settings) -> None:
    """Raises Mistake for the first thing that is missing to connect to Slack in the mode that is set."""
    if settings.mode == "socket":
        tokens(settings)
    else:
        bot_token(settings)
        signing_secret(settings)


def bot_token(settings: Settings) -> str:
    """The bot token alone, for what only asks Slack. Raises Mistake when it is missing or of the wrong kind."""
    return _token("SLACK_BOT_TOKEN", "xoxb-", settings.slack_bot_token)


def app_token(settings: Settings) -> str:
    """The app token alone. Raises Mistake when it is missing or of the wrong kind."""
    return _token("SLACK_APP_TOKEN", "xapp-", settings.slack_app_token)


def _token(name: str, prefix: str, secret: SecretStr | None) -> str:
    value = secret.get_secret_value().strip() if secret else ""
    if value in {"", prefix}:  # as in .env.example
        raise Mistake(f"{name} is not set: {HOW_TO_GET[name]}")
    if not value.startswith(prefix):
        raise Mistake(f"{name} is not the right kind of token: {HOW_TO_GET[name]}")
    return value
