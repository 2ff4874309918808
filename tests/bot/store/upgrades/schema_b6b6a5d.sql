BEGIN TRANSACTION;
CREATE TABLE active_edition (
	one INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	PRIMARY KEY (one), 
	FOREIGN KEY(edition) REFERENCES editions (id)
);
CREATE TABLE audit (
	pk INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	who VARCHAR(100) NOT NULL, 
	act TEXT NOT NULL, 
	PRIMARY KEY (pk)
);
CREATE TABLE bindings (
	mission VARCHAR(40) NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	chat VARCHAR(80) NOT NULL, 
	PRIMARY KEY (mission)
);
CREATE TABLE bot_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT bot_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "bot_version" VALUES('0001');
CREATE TABLE case_lines (
	pk INTEGER NOT NULL, 
	case_number INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	author VARCHAR(10) NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	files JSON NOT NULL, 
	PRIMARY KEY (pk)
);
CREATE TABLE case_numbers (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	reserved_at VARCHAR(32) NOT NULL
);
CREATE TABLE cases (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	conversation VARCHAR(200) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	question TEXT NOT NULL, 
	place JSON, 
	competent VARCHAR(40) NOT NULL, 
	mission VARCHAR(40) NOT NULL, 
	via VARCHAR(20) NOT NULL, 
	body VARCHAR(20), 
	reason TEXT NOT NULL, 
	urgency VARCHAR(10) NOT NULL, 
	sealed BOOLEAN NOT NULL, 
	found TEXT NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	taken_by VARCHAR(80), 
	opened_at VARCHAR(32) NOT NULL, 
	taken_at VARCHAR(32), 
	ended_at VARCHAR(32), 
	version INTEGER NOT NULL
);
CREATE TABLE conversations (
	"key" VARCHAR(200) NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	chat VARCHAR(80) NOT NULL, 
	thread VARCHAR(80), 
	user VARCHAR(80) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	case_number INTEGER, 
	memory JSON NOT NULL, 
	version INTEGER NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE documents (
	pk INTEGER NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	origin TEXT NOT NULL, 
	file TEXT NOT NULL, 
	title TEXT NOT NULL, 
	issuer TEXT NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	url TEXT NOT NULL, 
	published VARCHAR(10), 
	effective_from VARCHAR(10), 
	expires VARCHAR(10), 
	supersedes JSON NOT NULL, 
	topics JSON NOT NULL, 
	audience VARCHAR(40) NOT NULL, 
	translation_of VARCHAR(200), 
	inferred JSON NOT NULL, 
	PRIMARY KEY (pk), 
	UNIQUE (id, digest, origin)
);
CREATE TABLE edition_documents (
	edition INTEGER NOT NULL, 
	document INTEGER NOT NULL, 
	PRIMARY KEY (edition, document), 
	FOREIGN KEY(edition) REFERENCES editions (id) ON DELETE CASCADE, 
	FOREIGN KEY(document) REFERENCES documents (pk) ON DELETE CASCADE
);
CREATE TABLE editions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	created_at VARCHAR(32) NOT NULL, 
	note TEXT NOT NULL, 
	counts JSON NOT NULL, 
	embedder VARCHAR(200) NOT NULL, 
	index_name VARCHAR(80) NOT NULL
);
CREATE TABLE inbox (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	channel VARCHAR(40) NOT NULL, 
	event_key VARCHAR(200) NOT NULL, 
	natural_key VARCHAR(200), 
	lane VARCHAR(200) NOT NULL, 
	payload TEXT NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	attempts INTEGER NOT NULL, 
	ready_at VARCHAR(32) NOT NULL, 
	lease_until VARCHAR(32), 
	owner VARCHAR(80), 
	received_at VARCHAR(32) NOT NULL, 
	done_at VARCHAR(32), 
	error TEXT, 
	UNIQUE (channel, event_key), 
	UNIQUE (channel, natural_key)
);
CREATE TABLE index_builds (
	name VARCHAR(80) NOT NULL, 
	owner TEXT NOT NULL, 
	began_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE library_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT library_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "library_version" VALUES('0004');
CREATE TABLE outbox (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	dedup_key VARCHAR(250) NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	lane VARCHAR(200) NOT NULL, 
	address JSON NOT NULL, 
	act VARCHAR(10) NOT NULL, 
	body JSON NOT NULL, 
	case_number INTEGER, 
	unless_taken INTEGER, 
	state VARCHAR(10) NOT NULL, 
	attempts INTEGER NOT NULL, 
	plain BOOLEAN NOT NULL, 
	ready_at VARCHAR(32) NOT NULL, 
	lease_until VARCHAR(32), 
	owner VARCHAR(80), 
	created_at VARCHAR(32) NOT NULL, 
	sent_at VARCHAR(32), 
	message_id VARCHAR(80), 
	error TEXT, 
	UNIQUE (dedup_key)
);
CREATE TABLE passage_terms (
	digest VARCHAR(64) NOT NULL, 
	analyser VARCHAR(200) NOT NULL, 
	terms JSON NOT NULL, 
	PRIMARY KEY (digest, analyser)
);
CREATE TABLE passages (
	pk INTEGER NOT NULL, 
	document INTEGER NOT NULL, 
	ord INTEGER NOT NULL, 
	heading JSON NOT NULL, 
	text TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	sources JSON NOT NULL, 
	page INTEGER, 
	asked JSON NOT NULL, unanswered JSON DEFAULT '[]' NOT NULL, 
	PRIMARY KEY (pk), 
	FOREIGN KEY(document) REFERENCES documents (pk) ON DELETE CASCADE
);
CREATE TABLE seats (
	channel VARCHAR(40) NOT NULL, 
	chat VARCHAR(80) NOT NULL, 
	user VARCHAR(80) NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	PRIMARY KEY (channel, chat, user)
);
CREATE TABLE source_pages (
	source VARCHAR(60) NOT NULL, 
	file VARCHAR(120) NOT NULL, 
	url TEXT NOT NULL, 
	etag TEXT NOT NULL, 
	modified TEXT NOT NULL, 
	read_at VARCHAR(32), 
	PRIMARY KEY (source, file), 
	FOREIGN KEY(source) REFERENCES sources (name) ON DELETE CASCADE
);
CREATE TABLE sources (
	name VARCHAR(60) NOT NULL, 
	origin TEXT NOT NULL, 
	max_age INTEGER NOT NULL, 
	tried_at VARCHAR(32), 
	read_at VARCHAR(32), 
	next_at VARCHAR(32), 
	problem TEXT NOT NULL, 
	failed_at VARCHAR(32), 
	told BOOLEAN NOT NULL, 
	owner VARCHAR(80), 
	lease_until VARCHAR(32), 
	PRIMARY KEY (name)
);
CREATE TABLE staff_threads (
	id VARCHAR(40) NOT NULL, 
	case_number INTEGER NOT NULL, 
	mission VARCHAR(40) NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	chat VARCHAR(80) NOT NULL, 
	thread VARCHAR(80), 
	card VARCHAR(80), 
	current BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE taken_files (
	origin TEXT NOT NULL, 
	file TEXT NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	document VARCHAR(200) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	note TEXT NOT NULL, 
	PRIMARY KEY (origin, file)
);
CREATE TABLE vectors (
	digest VARCHAR(64) NOT NULL, 
	embedder VARCHAR(200) NOT NULL, 
	vector BLOB NOT NULL, 
	PRIMARY KEY (digest, embedder)
);
CREATE INDEX inbox_lane ON inbox (lane, state, seq);
CREATE INDEX inbox_state ON inbox (state, ready_at);
CREATE INDEX outbox_state ON outbox (state, ready_at);
CREATE INDEX outbox_lane ON outbox (lane, state, seq);
CREATE INDEX ix_cases_state ON cases (state);
CREATE INDEX ix_cases_mission ON cases (mission);
CREATE INDEX ix_cases_conversation ON cases (conversation);
CREATE INDEX ix_case_lines_case_number ON case_lines (case_number);
CREATE INDEX ix_staff_threads_case_number ON staff_threads (case_number);
CREATE INDEX staff_threads_place ON staff_threads (channel, chat, thread);
CREATE INDEX ix_passages_document ON passages (document);
CREATE INDEX ix_passages_digest ON passages (digest);
DELETE FROM "sqlite_sequence";
COMMIT;
