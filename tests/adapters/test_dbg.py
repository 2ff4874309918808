import sqlite3, json
from tests.adapters.ordeal import *
def test_x(processes):
    with on_telegram(processes) as o:
        a,b=o.run(4)
        print(a); print(b); print(a.all_in_order,a.repeats,b.all_in_order,b.repeats)
        db=sqlite3.connect(processes.folder/"naru.db"); 
        for r in db.execute("select seq,event_key,natural_key,lane,state,attempts,received_at,ready_at,done_at,error from inbox order by seq"): print(r)
        for r in db.execute("select seq,dedup_key,lane,state,attempts,sent_at,message_id,error, substr(body,1,60) from outbox order by seq"): print(r)
        print(o._running.said())
