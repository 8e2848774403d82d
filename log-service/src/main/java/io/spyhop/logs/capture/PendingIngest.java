package io.spyhop.logs.capture;

import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.messaging.WorkloadTable.Acknowledgement;

/** Lines that did not come from an engine, until they are stored. */
record PendingIngest(IngestRecord record, Acknowledgement acknowledgement) {}
