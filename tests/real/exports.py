"""Real feedback as other tools export it: written here, to the formats that those tools document.

Texts and labels are real (airline tweets, their sentiment); who said what of them is drawn, so that people differ.
"""

# ruff: noqa: E501 - rows as the tools write them
from __future__ import annotations

import csv
import datetime as dt
import json
import random
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd

LABELS = ("negative", "neutral", "positive")
N = 120
DAY = "2026-04-01"
AGREE = 0.85


class Tweet(NamedTuple):
    number: int
    id: str
    text: str
    label: str
    confidence: float


def tweets(data, rows=400):
    """Return tweets with texts of their own, in a fixed order that says nothing."""
    frame = pd.read_parquet(Path(data) / "airline_tweets" / "data.parquet").drop_duplicates("text")
    frame = frame.sample(rows, random_state=5).reset_index(drop=True)
    items = frame[["item_id", "created_at", "airline", "text"]].assign(item_id=frame["item_id"].astype(str))
    chosen = frame.head(N).itertuples()
    told = [
        Tweet(n, str(row.item_id), row.text, row.airline_sentiment, round(float(row.airline_sentiment_confidence), 2))
        for n, row in enumerate(chosen)
    ]
    return items, told


class Exports:
    """Writes the same tweets as tools of many kinds do; each method writes one file and returns its path."""

    def __init__(self, folder, told):
        self.folder, self.told, self.random = Path(folder), told, random.Random(3)  # noqa: S311 - no secret

    def said(self, tweet):
        return tweet.label if self.random.random() < AGREE else self.random.choice(LABELS)

    def lines(self, name, records):
        path = self.folder / name
        path.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
        return path

    def table(self, name, header, rows, *, encoding="utf-8", **dialect):
        path = self.folder / name
        with path.open("w", newline="", encoding=encoding) as file:
            csv.writer(file, **dialect).writerows([header, *rows])
        return path

    def sagemaker(self):
        """Amazon SageMaker Ground Truth: the manifest that a job of text classification puts out."""
        return self.lines("output.manifest", (
            {"source": t.text, "tweet-id": t.id, "sentiment-job": LABELS.index(t.label), "sentiment-job-metadata": {
                "class-name": t.label, "job-name": "labeling-job/sentiment-job", "confidence": t.confidence,
                "type": "groundtruth/text-classification", "human-annotated": "yes" if t.number % 6 else "no",
                "creation-date": f"2026-03-03T10:11:{t.number % 60:02}.527256"}}
            for t in self.told
        ))  # fmt: skip

    def labelbox(self):
        """Labelbox: its export of version 2, lines of data rows; labels stand under the project's id."""

        def label(t, person):
            answer = {"name": self.said(t).title(), "value": "x", "feature_id": "y", "classifications": []}
            at = f"{DAY}T09:{t.number % 60:02}"
            return {
                "label_kind": "Default", "id": f"clab{t.number}{person}",
                "label_details": {"created_at": f"{at}:11.000+00:00", "updated_at": f"{at}:31.000+00:00",
                                  "created_by": person, "reviews": []},
                "performance_details": {"seconds_to_create": 7, "skipped": False},
                "annotations": {"objects": [], "relationships": [], "classifications": [
                    {"feature_id": "z", "name": "Sentiment", "value": "sentiment", "radio_answer": answer}]},
            }  # fmt: skip

        return self.lines("export.ndjson", (
            {"data_row": {"id": f"clrow{t.number}", "global_key": f"g-{t.number}", "external_id": t.id, "row_data": t.text,
                          "details": {"dataset_name": "tweets", "created_at": f"{DAY}T01:00:00.000+00:00",
                                      "created_by": "upload@example.com"}},
             "media_attributes": {"mime_type": "text/plain"}, "attachments": [], "metadata_fields": [],
             "projects": {"clx9proj8a0": {
                 "name": "Tweets", "labels": [label(t, "ana@example.com")] + [label(t, "bo@example.com")] * (t.number % 3 == 0),
                 "project_details": {"workflow_status": "DONE", "workflow_history": [
                     {"action": "Move", "created_at": f"{DAY}T10:00:00.000+00:00", "created_by": "ana@example.com"}]}}}}
            for t in self.told
        ))  # fmt: skip

    def appen(self):
        """Appen (CrowdFlower, Figure Eight): the full report, a row a judgement."""
        header = ["_unit_id", "_created_at", "_golden", "_id", "_missed", "_started_at", "_tainted", "_channel", "_trust", "_worker_id", "_country", "_region", "_city", "_ip", "what_is_the_sentiment", "orig__golden", "tweet_id", "what_is_the_sentiment_gold", "text"]  # fmt: skip
        return self.table("f1234567.csv", header, (
            [681448100 + t.number, f"2/25/2026 {5 + j:02}:{t.number % 60:02}:41", "false", 15 * 10**8 + 3 * t.number + j,
             "", f"2/25/2026 {5 + j:02}:{t.number % 60:02}:11", str(t.number % 20 == 0 and j == 2).lower(), "elite",
             (0.91, 0.84, 0.77)[j], who, "USA", "CA", "San Francisco", "", self.said(t).title(), "", t.id, "", t.text]
            for t in self.told for j, who in enumerate(("31156480", "18722105", "43120990"))
        ))  # fmt: skip

    def mturk(self, form):
        """Amazon Mechanical Turk: a batch's results; answers are a cell, a cell of JSON, or a column a choice."""
        header = ["HITId", "HITTypeId", "Title", "Reward", "CreationTime", "AssignmentId", "WorkerId", "AssignmentStatus", "AcceptTime", "SubmitTime", "WorkTimeInSeconds", "Input.id", "Input.text"]  # fmt: skip
        columns = {"label": ["Answer.sentiment.label"], "json": ["Answer.taskAnswers"],
                   "choices": [f"Answer.sentiment.{each.title()}" for each in LABELS]}[form]  # fmt: skip

        def cells(said):
            return {"label": [said.title()], "json": [json.dumps([{"sentiment": {"label": said.title()}}])],
                    "choices": [str(said == each).lower() for each in LABELS]}[form]  # fmt: skip

        return self.table(f"Batch_4711_{form}.csv", [*header, *columns, "Approve", "Reject"], (
            [f"3HIT{t.number}", "3TYPE", "Sentiment of a tweet", "$0.03", "Mon Mar 02 09:00:00 PST 2026",
             f"3ASG{t.number}{j}", who, "Rejected" if (t.number % 40, j) == (7, 2) else "Approved",
             f"Mon Mar 02 10:{t.number % 60:02}:01 PST 2026", f"Mon Mar 02 10:{t.number % 60:02}:41 PST 2026", 40, t.id, t.text,
             *cells(self.said(t)), "", ""]
            for t in self.told for j, who in enumerate(("A1VUXPWZDZ", "A2TQFX4QIR", "A3KT9Y2P0L"))
        ), quoting=csv.QUOTE_ALL)  # fmt: skip

    def toloka(self):
        """Toloka: the assignments of a pool, tab-separated, kinds of columns before a colon."""
        header = ["INPUT:id", "INPUT:text", "OUTPUT:result", "GOLDEN:result", "HINT:text", "ASSIGNMENT:link", "ASSIGNMENT:assignment_id", "ASSIGNMENT:worker_id", "ASSIGNMENT:status", "ASSIGNMENT:started", "ASSIGNMENT:submitted"]  # fmt: skip
        return self.table("assignments_from_pool_991.tsv", header, (
            [t.id, t.text, self.said(t).upper(), t.label.upper() * (t.number % 15 == 0), "", "", f"0001-{t.number}-{j}", who,
             "REJECTED" if (t.number % 50, j) == (9, 1) else "APPROVED",
             f"2026-03-02T10:{t.number % 60:02}:01.123", f"2026-03-02T10:{t.number % 60:02}:41.456"]
            for t in self.told for j, who in enumerate(("b1c6", "ce99", "77aa"))
        ), delimiter="\t")  # fmt: skip

    def play_console(self):
        """Google Play Console: reviews of a month, UTF-16."""
        header = ["Package Name", "App Version Code", "App Version Name", "Reviewer Language", "Device", "Review Submit Date and Time", "Review Submit Millis Since Epoch", "Star Rating", "Review Title", "Review Text", "Developer Reply Text", "Review Link"]  # fmt: skip
        return self.table("reviews_com.example_202604.csv", header, (
            ["com.example", 120, "1.2.0", "en", "walleye", f"{DAY}T09:{t.number % 60:02}:11Z", 1775034000000 + t.number,
             1 + 2 * LABELS.index(t.label), "", t.text, "", f"https://play.google.com/x?reviewId={t.id}"]
            for t in self.told
        ), encoding="utf-16")  # fmt: skip

    def qualtrics(self):
        """Qualtrics: three rows of headers."""
        header = ["StartDate", "EndDate", "Status", "RecordedDate", "ResponseId", "UserLanguage", "Q1", "Q2"]
        asked = ["Start Date", "End Date", "Response Type", "Recorded Date", "Response ID", "User Language",
                 "What do you think\nof the answer?", "How did it feel?"]  # fmt: skip
        codes = ['{"ImportId":"%s"}' % each for each in header]  # noqa: UP031 - braces
        return self.table("qualtrics.csv", header, (asked, codes, *(
            [f"{DAY} 09:{t.number % 60:02}:11", f"{DAY} 09:{t.number % 60:02}:51", "IP Address",
             f"{DAY} 09:{t.number % 60:02}:52", f"R_{t.id}", "EN", t.text, t.label.title()]
            for t in self.told
        )), encoding="utf-8-sig")  # fmt: skip

    def surveymonkey(self):
        """SurveyMonkey, condensed off: two rows of headers, a column a choice."""
        header = [
            "Respondent ID",
            "Collector ID",
            "Start Date",
            "What do you think of the answer?",
            "How did it feel?",
            "",
            "",
        ]
        choices = ["", "", "", "Open-Ended Response", *(each.title() for each in LABELS)]
        return self.table("survey.csv", header, (choices, *(
            [11800000000 + t.number, 400001, f"04/01/2026 09:{t.number % 60:02}:11 AM", t.text,
             *(each.title() * (each == t.label) for each in LABELS)]
            for t in self.told
        )))  # fmt: skip

    def typeform(self):
        """Typeform: questions for headers."""
        header = [
            "#",
            "What did you think?",
            "How did it feel?",
            "Start Date (UTC)",
            "Submit Date (UTC)",
            "Network ID",
            "Tags",
        ]
        return self.table("responses.csv", header, (
            [f"tok{t.number}xyz", t.text, t.label.title(), f"{DAY} 09:{t.number % 60:02}:11", f"{DAY} 09:{t.number % 60:02}:51", "", ""]
            for t in self.told
        ))  # fmt: skip

    def langfuse(self):
        """Langfuse: a table of scores: of people, of a judge, of a program."""
        header = [
            "id",
            "timestamp",
            "source",
            "name",
            "dataType",
            "value",
            "stringValue",
            "comment",
            "traceId",
            "authorUserId",
            "authorUserName",
        ]

        def rows(t):
            at = f"T09:{t.number % 60:02}:11.000Z"
            yield [
                f"s{t.number}",
                DAY + at,
                "ANNOTATION",
                "sentiment",
                "CATEGORICAL",
                LABELS.index(t.label),
                t.label,
                "",
                t.id,
                "cu1",
                "Ana",
            ]
            yield [f"j{t.number}", DAY + at, "EVAL", "sentiment", "CATEGORICAL", 0, "negative", "", t.id, "", ""]
            yield [f"h{t.number}", DAY + at, "API", "helpfulness", "NUMERIC", 0.7, "", "", t.id, "", ""]

        return self.table("scores.csv", header, (row for t in self.told for row in rows(t)))

    def zendesk(self):
        """Zendesk: tickets of its incremental export."""
        path = self.folder / "tickets.json"
        path.write_text(json.dumps({"tickets": [
            {"id": 1000 + t.number, "external_id": t.id, "via": {"channel": "email", "source": {"from": {}}},
             "created_at": f"{DAY}T09:{t.number % 60:02}:11Z", "subject": t.text[:30], "description": t.text,
             "priority": None, "status": "solved", "tags": ["chatbot"], "custom_fields": [
                 {"id": 360001, "value": t.label}, {"id": 360002, "value": None}],
             "satisfaction_rating": {"score": "good"}, "assignee_id": 235323 + t.number % 3}
            for t in self.told
        ], "next_page": None, "count": N}), encoding="utf-8")  # fmt: skip
        return path

    def workbook(self):
        """A workbook of a team: a title, merged cells over the header, a column a person, dates and durations."""
        book = openpyxl.Workbook()
        sheet = book.active
        sheet["A1"], sheet["A2"], sheet["C4"] = "Review of answers", "exported 2026-04-02", "Labels"
        for merged in ("A1:F1", "C4:D4"):
            sheet.merge_cells(merged)
        for place, name in enumerate(("Ticket", "Text", "Ana", "Bo", "Date", "Duration"), 1):
            sheet.cell(5, place, name)
        for t in self.told:
            when = dt.datetime(2026, 4, 1, 9, t.number % 60)  # noqa: DTZ001 - a sheet has no zones
            cells = (
                t.id,
                t.text,
                self.said(t),
                self.said(t) if t.number % 2 else None,
                when,
                dt.timedelta(seconds=t.number),
            )
            for place, value in enumerate(cells, 1):
                sheet.cell(6 + t.number, place, value)
        book.save(self.folder / "review.xlsx")
        return self.folder / "review.xlsx"

    def azure(self):
        """Azure Language Studio: the labels file of a project of custom text classification."""
        path = self.folder / "labels.json"
        documents = [{"location": f"{t.id}.txt", "language": "en-us", "dataset": "Train" if t.number % 5 else "Test",
                      "class": {"category": t.label}} for t in self.told]  # fmt: skip
        classes = [{"category": each} for each in LABELS]
        kind = {"projectKind": "CustomSingleLabelClassification"}
        whole = {
            "projectFileVersion": "2022-05-01",
            "metadata": kind,
            "assets": {**kind, "classes": classes, "documents": documents},
        }
        path.write_text(json.dumps(whole), encoding="utf-8")
        return path

    def vertex(self):
        """Google Vertex AI: text classification, lines of JSON."""
        return self.lines("vertex.jsonl", (
            {"classificationAnnotation": {"displayName": t.label}, "textContent": t.text, "dataItemResourceLabels": {
                "aiplatform.googleapis.com/ml_use": "training" if t.number % 5 else "test"}}
            for t in self.told
        ))  # fmt: skip

    def kili(self):
        """Kili: assets with labels of people and predictions of a model."""

        def label(t, email, kind, said):
            return {"author": {"email": email, "id": "u"}, "createdAt": f"{DAY}T09:{t.number % 60:02}:11.000Z", "labelType": kind,
                    "jsonResponse": {"JOB_0": {"categories": [{"confidence": 100, "name": said.upper()}]}}, "secondsToLabel": 5}  # fmt: skip

        path = self.folder / "kili.json"
        path.write_text(json.dumps([
            {"id": f"cl{t.number}", "externalId": t.id, "content": t.text, "jsonMetadata": {}, "labels": [
                label(t, "ana@example.com", "DEFAULT", self.said(t)), label(t, "bo@example.com", "REVIEW", self.said(t)),
                label(t, "model@example.com", "PREDICTION", "negative")]}
            for t in self.told
        ]), encoding="utf-8")  # fmt: skip
        return path

    def european(self):
        """A table as a German Excel saves it: semicolons, cp1252, decimal commas, epoch milliseconds."""
        header = ["Nr", "Ticket", "Bewertung", "Geprüft von", "Sicherheit", "Zeit"]
        return self.table("bewertungen.csv", header, (
            [t.number + 1, t.id, t.label, "Jörg Müller" if t.number % 2 else "Ana", f"{t.confidence:.2f}".replace(".", ","),
             1775034000000 + t.number * 1000] for t in self.told
        ), encoding="cp1252", delimiter=";")  # fmt: skip

    def potato(self):
        """Potato: instances that people annotated; a label is a key."""
        return self.lines("annotated_instances.jsonl", (
            {"user_id": who, "instance_id": t.id, "displayed_text": t.text, "label_annotations": {"sentiment": {self.said(t): "1"}},
             "span_annotations": [], "behavioral_data": {"time_string": "Time spent: 0d 0h 0m 7s "}}
            for t in self.told for who in ("ana@example.com", "bo@example.com")
        ))  # fmt: skip

    def langsmith(self):
        """LangSmith: runs with feedback of people and of a model."""

        def feedback(t, key, value, source):
            return {"id": f"{key}{t.number}", "key": key, "score": None if value else 1, "value": value, "comment": None,
                    "feedback_source": source, "created_at": f"{DAY}T10:{t.number % 60:02}:11.000000+00:00"}  # fmt: skip

        return self.lines("runs.jsonl", (
            {"id": f"run-{t.number}", "name": "chat", "run_type": "chain", "start_time": f"{DAY}T09:{t.number % 60:02}:11.000000",
             "inputs": {"question": t.text}, "outputs": {"answer": "..."}, "extra": {"metadata": {"tweet_id": t.id}}, "feedback": [
                 feedback(t, "sentiment", t.label, {"type": "app", "user_name": "Ana"}),
                 feedback(t, "helpful", None, {"type": "model"})]}
            for t in self.told
        ))  # fmt: skip
