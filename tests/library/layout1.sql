BEGIN TRANSACTION;
CREATE TABLE campaign_exports (
	number INTEGER NOT NULL, 
	id VARCHAR(120) NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	created DATETIME NOT NULL, 
	folder TEXT NOT NULL, 
	segment VARCHAR(120) NOT NULL, 
	count BIGINT NOT NULL, 
	rules_sha256 VARCHAR(64) NOT NULL, 
	manifest_sha256 VARCHAR(64) NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (id), 
	FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE RESTRICT
);
INSERT INTO "campaign_exports" VALUES(1,'ab12cd34',1,'2026-10-19 09:30:00.000000','20261019-093000-autumn-ab12cd34','VIPs',7,'0000000000000000000000000000000000000000000000000000000000000000','1111111111111111111111111111111111111111111111111111111111111111');
CREATE TABLE campaign_recipients (
	campaign_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	segment_id INTEGER NOT NULL, 
	PRIMARY KEY (campaign_id, position), 
	UNIQUE (campaign_id, segment_id), 
	FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, 
	FOREIGN KEY(segment_id) REFERENCES segments (id) ON DELETE RESTRICT
);
INSERT INTO "campaign_recipients" VALUES(1,0,2);
INSERT INTO "campaign_recipients" VALUES(1,1,1);
CREATE TABLE campaigns (
	id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	folded VARCHAR(360) NOT NULL, 
	created DATETIME NOT NULL, 
	updated DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (folded)
);
INSERT INTO "campaigns" VALUES(1,'Autumn','autumn','2026-10-19 09:30:00.000000','2026-10-19 09:30:00.000000');
INSERT INTO "campaigns" VALUES(2,'Empty','empty','2026-10-19 09:30:00.000000','2026-10-19 09:30:00.000000');
CREATE TABLE export_snapshots (
	export INTEGER NOT NULL, 
	snapshot BIGINT NOT NULL, 
	expired DATETIME, 
	PRIMARY KEY (export), 
	FOREIGN KEY(export) REFERENCES campaign_exports (number) ON DELETE CASCADE
);
INSERT INTO "export_snapshots" VALUES(1,3,NULL);
CREATE TABLE segbench_schema (
	id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "segbench_schema" VALUES(1,1);
CREATE TABLE segment_counts (
	segment_id INTEGER NOT NULL, 
	rules_sha256 VARCHAR(64) NOT NULL, 
	count BIGINT NOT NULL, 
	contacts BIGINT NOT NULL, 
	snapshot BIGINT NOT NULL, 
	as_of DATETIME NOT NULL, 
	counted DATETIME NOT NULL, 
	PRIMARY KEY (segment_id), 
	FOREIGN KEY(segment_id) REFERENCES segments (id) ON DELETE CASCADE
);
INSERT INTO "segment_counts" VALUES(2,'0f392a7e11f5a691ec52e1bb3b747f3fe15b4045bc4e52736b91da3f10961460',7,100,3,'2026-10-19 09:30:00.000000','2026-10-19 09:30:00.000000');
CREATE TABLE segment_renames (
	id INTEGER NOT NULL, 
	old VARCHAR(360) NOT NULL, 
	old_revision INTEGER NOT NULL, 
	new VARCHAR(360) NOT NULL, 
	new_revision INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "segment_renames" VALUES(1,'germans',2,'dach',3);
CREATE TABLE segment_versions (
	id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	folded VARCHAR(360) NOT NULL, 
	description TEXT NOT NULL, 
	rules JSON NOT NULL, 
	format INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	created DATETIME NOT NULL, 
	updated DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "segment_versions" VALUES(1,'Germans','germans','From Germany','{"kind": "group", "rules": [{"kind": "field", "field": "country", "op": "is_any_of", "values": ["DE"]}]}',2,1,'2026-10-19 09:30:00.000000','2026-10-19 09:30:00.000000');
INSERT INTO "segment_versions" VALUES(2,'Germans','germans','From Germany or Austria','{"kind": "group", "rules": [{"kind": "field", "field": "country", "op": "is_any_of", "values": ["DE", "AT"]}]}',2,2,'2026-10-19 09:30:00.000000','2026-10-19 10:30:00.000000');
INSERT INTO "segment_versions" VALUES(3,'German VIPs','german vips','','{"kind": "group", "rules": [{"kind": "segment", "segment": "Germans"}]}',2,1,'2026-10-19 09:30:00.000000','2026-10-19 09:30:00.000000');
CREATE TABLE segments (
	id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	folded VARCHAR(360) NOT NULL, 
	description TEXT NOT NULL, 
	rules JSON NOT NULL, 
	format INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	created DATETIME NOT NULL, 
	updated DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (folded)
);
INSERT INTO "segments" VALUES(1,'DACH','dach','From Germany or Austria','{"kind": "group", "rules": [{"kind": "field", "field": "country", "op": "is_any_of", "values": ["DE", "AT"]}]}',2,3,'2026-10-19 09:30:00.000000','2026-10-19 11:30:00.000000');
INSERT INTO "segments" VALUES(2,'VIPs','vips','','{"kind": "group", "rules": [{"kind": "tag", "op": "has_any_of", "tags": ["vip"]}]}',2,1,'2026-10-19 09:30:00.000000','2026-10-19 09:30:00.000000');
INSERT INTO "segments" VALUES(3,'German VIPs','german vips','','{"kind": "group", "rules": [{"kind": "segment", "segment": "DACH"}]}',2,2,'2026-10-19 09:30:00.000000','2026-10-19 11:30:00.000000');
CREATE INDEX ix_segment_versions_folded ON segment_versions (folded);
CREATE INDEX ix_segment_renames_new ON segment_renames (new);
CREATE INDEX ix_campaign_exports_campaign_id ON campaign_exports (campaign_id);
COMMIT;
