"""Photographs of nobody, and people whom somebody entered twice: what every office has some of."""

from __future__ import annotations

import io
from itertools import islice

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Person, Post
from gridoffice.people.attachments import set_photo
from gridoffice.people.service import save_person
from gridoffice.service import service

PHOTOGRAPHS, TWICE = 12, 3
"""So many have a photograph, and so many were entered a second time."""
_GROUNDS = ("#B7D3E6", "#DDE3E8", "#C9DDD0", "#E4D9CB")
_COATS = ("#33475B", "#5B3A3A", "#2F5B4A", "#4A4A6A", "#6A5A3A")


def portrait(number: int) -> bytes:
    """Head and shoulders without a face, as a JPEG; another for each of some numbers."""
    picture = Image.new("RGB", (300, 400), _GROUNDS[number % len(_GROUNDS)])
    pen = ImageDraw.Draw(picture)
    pen.ellipse((45, 235, 255, 560), fill=_COATS[number % len(_COATS)])
    pen.rectangle((128, 190, 172, 260), fill="#D9B48F")
    pen.ellipse((95, 70, 205, 215), fill="#E8C9A8")
    pen.chord((90, 55, 210, 190), 180, 360, fill="#2B2B2B")
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=85)
    return held.getvalue()


@service("装入示范照片", needs=Right.EDIT_PEOPLE)
def add_portraits(session: Session) -> None:
    """Photographs for the first of the roster; others are entered again under the same name and phone."""
    query = select(Person.id, Person.name, Person.phone).join(Post, Post.person_id == Person.id)
    people = iter(session.execute(query.where(Person.phone.is_not(None)).order_by(Post.grid_path, Post.id)))
    for number, (person, _, _) in enumerate(islice(people, PHOTOGRAPHS)):
        set_photo(session, person, portrait(number))
    for _, name, phone in list(islice(people, 20, 20 + 40 * TWICE, 40)):
        save_person(session, None, {"name": name, "phone": phone, "note": "培训签到时登记"})
    entitle(session, "装入示范照片，登记培训签到的人")
