"""What the invented company sells, and what its users ask about.

Brindle, its eight products, their commands and settings do not exist; we made them up for the demo.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that users do with a product, and the words in which its documentation speaks of it.

    Example:
        >>> topic = TOPICS[0]
        >>> f"How do I {topic.task} in {topic.product}?"
        'How do I cache dependencies between builds in Pipelines?'
    """

    product: str
    task: str
    noun: str
    command: str
    setting: str
    values: tuple[str, str, str]
    title: str
    screen: str


def _topics(product: str, prefix: str, *rows: tuple[str, str, str, str, str, str, str]) -> tuple[Topic, ...]:
    """Build the topics of one product; the values of a setting are written with bars between them."""
    return tuple(
        Topic(product, task, noun, f"brindle {prefix} {command}", f"{prefix}.{setting}", _three(values), title, screen)
        for task, noun, command, setting, values, title, screen in rows
    )


def _three(values: str) -> tuple[str, str, str]:
    first, second, third = values.split("|")
    return first, second, third


# One row: task, noun, command, setting, values, title of the page, screen of the console.
TOPICS: tuple[Topic, ...] = (
    *_topics(
        "Pipelines",
        "ci",
        (
            "cache dependencies between builds",
            "build cache",
            "cache warm --key deps",
            "cache.scope",
            "branch|project|organisation",
            "Caching dependencies",
            "Build settings",
        ),
        (
            "run tests in parallel shards",
            "test shards",
            "test --shards 8",
            "parallel.shards",
            "4|8|auto",
            "Parallel test runs",
            "Test runs",
        ),
        (
            "trigger a build from another repository",
            "cross-repository trigger",
            "trigger add --from api-repo",
            "triggers.remote",
            "allow|ask|deny",
            "Remote triggers",
            "Triggers",
        ),
        (
            "use my own runner behind a firewall",
            "self-hosted runner",
            "runner register --labels onprem",
            "runner.pool",
            "shared|private|mixed",
            "Self-hosted runners",
            "Runners",
        ),
        (
            "pass a secret to a build step",
            "build secret",
            "secret bind DB_PASSWORD",
            "secrets.masking",
            "strict|lenient|off",
            "Secrets in builds",
            "Secrets",
        ),
        (
            "retry only the failed jobs",
            "job retry",
            "retry --failed-only",
            "retry.max_attempts",
            "1|3|5",
            "Retrying jobs",
            "Run history",
        ),
        (
            "publish a container image with provenance",
            "image signing",
            "image push --sign",
            "image.attestation",
            "none|slsa2|slsa3",
            "Signed images",
            "Artifacts",
        ),
    ),
    *_topics(
        "Store",
        "store",
        (
            "expire old objects automatically",
            "lifecycle rule",
            "lifecycle set --after 30d",
            "lifecycle.after",
            "30d|90d|365d",
            "Lifecycle rules",
            "Buckets",
        ),
        (
            "restore a deleted bucket",
            "bucket restore",
            "bucket restore --snapshot latest",
            "trash.window",
            "7d|14d|30d",
            "Recovering buckets",
            "Trash",
        ),
        (
            "replicate a bucket to a second region",
            "cross-region replication",
            "replicate eu-west us-east",
            "replication.mode",
            "async|sync|none",
            "Replication",
            "Regions",
        ),
        (
            "create a signed download link",
            "signed URL",
            "sign --ttl 15m report.csv",
            "links.max_ttl",
            "15m|1h|7d",
            "Signed URLs",
            "Sharing",
        ),
        (
            "encrypt objects with my own key",
            "customer-managed key",
            "key attach --bucket invoices",
            "encryption.provider",
            "managed|customer|hsm",
            "Bringing your own key",
            "Encryption",
        ),
        (
            "upload files larger than 5 GB",
            "multipart upload",
            "upload --parts 64 dump.tar",
            "upload.part_size",
            "16MB|64MB|256MB",
            "Large uploads",
            "Transfers",
        ),
    ),
    *_topics(
        "Gateway",
        "gw",
        (
            "limit requests per client",
            "rate limit",
            "limit set --per-minute 600",
            "limits.per_minute",
            "60|600|6000",
            "Rate limiting",
            "Policies",
        ),
        (
            "route traffic by header",
            "header routing",
            "route add --header x-tenant",
            "routes.match",
            "prefix|exact|regex",
            "Routing by header",
            "Routes",
        ),
        (
            "terminate TLS with a custom certificate",
            "custom certificate",
            "cert upload fullchain.pem",
            "tls.min_version",
            "1.1|1.2|1.3",
            "Custom certificates",
            "Domains",
        ),
        (
            "enable CORS for a single origin",
            "CORS policy",
            "cors allow https://app.example.com",
            "cors.credentials",
            "include|omit|same-origin",
            "CORS",
            "Policies",
        ),
        (
            "raise the upstream timeout",
            "upstream timeout",
            "upstream set --timeout 90s",
            "upstream.timeout",
            "30s|60s|90s",
            "Timeouts and retries",
            "Upstreams",
        ),
        (
            "do a canary rollout between two backends",
            "canary rollout",
            "canary start --weight 10",
            "canary.step",
            "5|10|25",
            "Canary releases",
            "Traffic",
        ),
    ),
    *_topics(
        "Metrics",
        "metrics",
        (
            "get an alert only during office hours",
            "alert schedule",
            "alert mute --outside 9-17",
            "alerts.calendar",
            "always|workdays|custom",
            "Alert schedules",
            "Alerts",
        ),
        (
            "build a p99 latency panel",
            "latency panel",
            "panel new --quantile 0.99",
            "panels.interpolation",
            "linear|nearest|none",
            "Quantile panels",
            "Dashboards",
        ),
        (
            "send custom counters from python",
            "custom counter",
            "emit orders_total=1",
            "ingest.protocol",
            "otlp|statsd|push",
            "Custom counters",
            "Ingest",
        ),
        (
            "lower the retention of raw samples",
            "sample retention",
            "retention set raw 14d",
            "retention.raw",
            "7d|14d|30d",
            "Retention of samples",
            "Storage",
        ),
        (
            "share a dashboard with a guest",
            "guest dashboard",
            "dashboard share --guest",
            "sharing.guests",
            "off|view|comment",
            "Sharing dashboards",
            "Dashboards",
        ),
        (
            "find out which label explodes cardinality",
            "cardinality report",
            "cardinality top --by label",
            "limits.series",
            "100k|500k|2M",
            "High cardinality",
            "Usage",
        ),
    ),
    *_topics(
        "Identity",
        "id",
        (
            "rotate an API token without downtime",
            "token rotation",
            "token rotate --overlap 1h",
            "tokens.overlap",
            "0m|15m|1h",
            "Rotating tokens",
            "API access",
        ),
        (
            "set up SAML with Okta",
            "SAML login",
            "saml import metadata.xml",
            "saml.binding",
            "redirect|post|artifact",
            "SAML single sign-on",
            "Single sign-on",
        ),
        (
            "enforce two factor login for admins",
            "two-factor rule",
            "mfa require --role admin",
            "mfa.methods",
            "totp|webauthn|any",
            "Two-factor login",
            "Security",
        ),
        (
            "provision users with SCIM",
            "SCIM provisioning",
            "scim enable --dry-run",
            "scim.deprovision",
            "suspend|delete|keep",
            "SCIM provisioning",
            "Directory",
        ),
        (
            "give a contractor access to one project only",
            "project role",
            "role grant viewer --project billing",
            "roles.inherit",
            "yes|no|ask",
            "Project roles",
            "Members",
        ),
        (
            "export the audit log",
            "audit log export",
            "audit export --since 90d",
            "audit.format",
            "json|csv|cef",
            "Audit log",
            "Compliance",
        ),
    ),
    *_topics(
        "Flags",
        "flags",
        (
            "roll out a flag to 10% of users",
            "percentage rollout",
            "rollout checkout-v2 10",
            "rollout.bucketing",
            "user|account|device",
            "Percentage rollouts",
            "Rollouts",
        ),
        (
            "target a flag by country",
            "targeting rule",
            "rule add --country DE",
            "rules.default",
            "on|off|inherit",
            "Targeting rules",
            "Targeting",
        ),
        (
            "clean up stale flags",
            "flag cleanup",
            "stale list --days 60",
            "stale.after",
            "30d|60d|120d",
            "Cleaning up flags",
            "Housekeeping",
        ),
        (
            "use flags offline in the mobile SDK",
            "offline mode",
            "sdk bundle --offline",
            "sdk.poll_interval",
            "30s|5m|manual",
            "Offline evaluation",
            "SDK settings",
        ),
        (
            "require a review before a flag changes in production",
            "flag approvals",
            "approve policy --env prod",
            "approvals.required",
            "0|1|2",
            "Approvals",
            "Environments",
        ),
        (
            "measure an experiment on a flag",
            "experiment",
            "experiment start --metric signup",
            "experiments.method",
            "bayes|frequentist|cuped",
            "Experiments",
            "Experiments",
        ),
    ),
    *_topics(
        "Functions",
        "fn",
        (
            "avoid cold starts",
            "warm pool",
            "warm --min 2 resize",
            "scaling.min_instances",
            "0|1|2",
            "Cold starts",
            "Scaling",
        ),
        (
            "deploy a function from a zip file",
            "zip deployment",
            "deploy --zip build.zip",
            "deploy.runtime",
            "node22|python3.12|go1.23",
            "Deploying archives",
            "Deployments",
        ),
        (
            "connect a function to a private network",
            "private network attachment",
            "network attach vpc-17",
            "network.egress",
            "public|private|dual",
            "Private networking",
            "Networking",
        ),
        (
            "schedule a function every 5 minutes",
            "cron trigger",
            "cron add '*/5 * * * *'",
            "cron.timezone",
            "UTC|project|local",
            "Scheduled functions",
            "Triggers",
        ),
        (
            "raise the memory limit of a function",
            "memory limit",
            "config set --memory 2048",
            "limits.memory",
            "512|1024|2048",
            "Function limits",
            "Scaling",
        ),
        (
            "stream logs of one invocation",
            "invocation log",
            "logs --follow --invocation last",
            "logs.level",
            "info|debug|trace",
            "Invocation logs",
            "Logs",
        ),
    ),
    *_topics(
        "Queue",
        "queue",
        (
            "move failed messages to a dead letter queue",
            "dead letter queue",
            "dlq attach orders-failed",
            "dlq.max_receives",
            "3|5|10",
            "Dead letter queues",
            "Queues",
        ),
        (
            "guarantee the order of messages",
            "ordered delivery",
            "create orders --fifo",
            "delivery.order",
            "none|key|strict",
            "Ordered delivery",
            "Delivery",
        ),
        (
            "replay messages from yesterday",
            "message replay",
            "replay --from -24h",
            "replay.window",
            "24h|72h|7d",
            "Replaying messages",
            "Streams",
        ),
        (
            "delay a message by an hour",
            "delayed message",
            "send --delay 1h",
            "delivery.max_delay",
            "15m|1h|12h",
            "Delayed messages",
            "Delivery",
        ),
        (
            "autoscale consumers on queue depth",
            "consumer autoscaling",
            "scale --on depth:500",
            "consumers.max",
            "5|20|100",
            "Autoscaling consumers",
            "Consumers",
        ),
        (
            "deduplicate messages",
            "deduplication window",
            "dedup set 10m",
            "dedup.window",
            "1m|10m|1h",
            "Deduplication",
            "Delivery",
        ),
    ),
)
