/** Part of the help of both commands. */
export const HOW = `How it measures: the server publishes a backlog by a script while the subscriber's thread is blocked and reads nothing; then
the clock starts, and stops with the last message. So what limits the rate is the subscriber, for all contenders alike, and
not the publisher and the server, which would share two processors with it and are slower than the faster subscribers. The
server only hands over what waits in its buffers. This is how a subscriber catches up; one that keeps up has less in each
read and pays more of the system's share for each message. Each contender has a process and a connection of its own.`;
