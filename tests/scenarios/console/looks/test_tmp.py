import os
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Error

from tests.scenarios.console.looks.full_house import run_full_house
from tests.scenarios.console.looks.looking import *
from tests.scenarios.console.looks.views import CONSOLE_VIEWS
from tests.scenarios.console.looks.talks import hold_talks

OUT = Path("/tmp/w-matrix-shots")
SHOTS = {"ko-KR": [(360,"light"),(1280,"light")], "en-US": [(768,"light"),(1280,"dark")]}
ONLY = os.environ.get("ONLY","").split()
def test_x(tmp_path, furniture, browser):
    OUT.mkdir(exist_ok=True)
    with run_full_house(tmp_path, furniture) as house:
        plan = None; talks=[]
        for locale, looks in SHOTS.items():
            with open_eyes(house, browser, locale) as looker:
                plan = plan or looker.send_plan()
                def both():
                    yield from CONSOLE_VIEWS
                    if not ONLY or "ask" in ONLY: yield from hold_talks(looker._open(View('','',NOBODY)), house)
                for view in both():
                    if ONLY and not any(view.name.startswith(o) for o in ONLY): continue
                    view = replace(view, path=view.path.replace("/documents/plans/PLAN", plan))
                    try:
                        page = looker.look_at(view, ())
                        for w, s in looks:
                            page.set_viewport_size({"width": w, "height": 800}); page.emulate_media(color_scheme=s)
                            looker.faults += [f"{view.name} {locale} {w} {s}: {o}" for o in list_faults(page)]
                            page.screenshot(path=OUT/f"{view.name}-{locale[:2]}-{w}-{s}.png", full_page=True)
                    except Error as error:
                        looker.faults.append(f"{view.name}: {str(error)[:600]}")
                print("\n".join(looker.faults)); print(sorted(looker.seen))
