// BeastFloor: unsigned requests straight through Boost.Beast, the floor beneath the DynamoDB
// client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace zael::bench {

// Sends `body` to 127.0.0.1:port until `requests` are answered, `in_flight` at a time over as many
// kept connections. Ends the program when one fails.
void SendThroughBeast(std::uint16_t port, const std::string& body, std::size_t in_flight,
                      std::size_t requests);

}  // namespace zael::bench
