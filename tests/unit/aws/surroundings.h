// Surroundings: the environment variables and shared files of a test; the process's own stay out.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "aws/profiles.h"
#include "os/files.h"
#include "os/temporary_directory.h"

namespace zael::aws {

class Surroundings {
 public:
  Surroundings() : home_(*os::TemporaryDirectory::Make("zael-aws-")) {
    Set("HOME", home_.path());
    EXPECT_TRUE(os::MakeDirectories(home_.path() + "/.aws").ok());
  }

  void Set(const std::string& name, const std::string& value) { variables_[name] = value; }
  void Unset(const std::string& name) { variables_.erase(name); }

  // Writes a file under the home directory and answers its path.
  std::string Write(const std::string& name, const std::string& content) {
    const std::string path = home_.path() + "/" + name;
    EXPECT_TRUE(os::WriteSmallFile(path, content).ok()) << path;
    return path;
  }
  void Config(const std::string& content) { Write(".aws/config", content); }
  void SharedCredentials(const std::string& content) { Write(".aws/credentials", content); }
  std::string config_path() const { return home_.path() + "/.aws/config"; }
  std::string home() const { return home_.path(); }

  // A copy of what is set now.
  Variables variables() const {
    return [set = variables_](const char* name) -> std::optional<std::string> {
      const auto found = set.find(name);
      if (found == set.end() || found->second.empty()) return std::nullopt;
      return found->second;
    };
  }

 private:
  os::TemporaryDirectory home_;
  std::map<std::string, std::string> variables_;
};

}  // namespace zael::aws
