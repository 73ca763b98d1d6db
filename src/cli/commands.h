// The command groups: each adds its commands to the root. One file per group.
#pragma once

#include "cli/command_line.h"

namespace zael::cli {

void AddDeployCommands(Command& root);    // deploy, delete, status, list, version
void AddAcquireCommand(Command& root);    // acquire
void AddAvailableCommand(Command& root);  // available
void AddExplainCommand(Command& root);    // explain
void AddReplayCommand(Command& root);     // replay
void AddEntityCommands(Command& root);  // entity create|show|list|update|delete|children|…-limits
void AddEntityLimitsCommands(Command& entity);
void AddResourceCommands(Command& root);   // resource …
void AddSystemCommands(Command& root);     // system …
void AddBucketCommands(Command& root);     // bucket show|reset
void AddAuditCommands(Command& root);      // audit list
void AddLocalCommands(Command& root);      // local up|down|status|logs
void AddCompletionCommand(Command& root);  // completion bash|zsh|fish

}  // namespace zael::cli
