// Backups as DynamoDB writes them: BackupDetails, BackupSummary, BackupDescription.
//
// Pure. Facts: dynamodb-api.md 1.8.
#pragma once

#include <zael/backup.h>

#include <string_view>

#include "json/json_writer.h"

namespace zael::endpoint {

// The members of BackupDetails, into an object that is open.
void WriteBackupDetails(json::JsonWriter& writer, const Backup& backup, std::string_view region);

// An object.
void WriteBackupSummary(json::JsonWriter& writer, const Backup& backup, std::string_view region);
void WriteBackupDescription(json::JsonWriter& writer, const Backup& backup,
                            std::string_view region);

}  // namespace zael::endpoint
