#include "sim/batch/fork_server.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/check.hpp"

namespace optichain::sim {
namespace {

struct Request {
  enum class Kind { fork, terminate, quit } kind;
  std::size_t number;
};

/// The last bytes in a pipe. The mark tells them from what a process wrote that was lost.
struct EndRecord {
  std::uint64_t mark;
  ProcessEnd end;
};
constexpr std::uint64_t end_mark = 0x646e655f6b726f66;

/// A request with the file that goes with it, as the kernel carries it.
struct Parcel {
  Request request{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> extra{};
  iovec bytes{&request, sizeof request};
  msghdr header{};
  Parcel() {
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
  }
  Parcel(const Parcel&) = delete;
  Parcel& operator=(const Parcel&) = delete;
  void make_room_for_file() {
    header.msg_control = extra.data();
    header.msg_controllen = extra.size();
  }
  void put_file(int file) {
    make_room_for_file();
    cmsghdr* head = CMSG_FIRSTHDR(&header);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof file);
    std::memcpy(CMSG_DATA(head), &file, sizeof file);
  }
  /// -1 if none came.
  int file() {
    const cmsghdr* head = CMSG_FIRSTHDR(&header);
    int file = -1;
    if (head && head->cmsg_type == SCM_RIGHTS) std::memcpy(&file, CMSG_DATA(head), sizeof file);
    return file;
  }
};

/// In the server's process: forks what is asked for and tells how it ended.
class Server {
 public:
  Server(int socket, const std::function<void(std::size_t, int)>& work)
      : socket_(socket), work_(work) {
    // Signals are for who asks, which then says what is to end. What is forked gets them.
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &signals_of_work_);
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGCHLD);
    ends_ = signalfd(-1, &ends, SFD_CLOEXEC);
    signal(SIGCHLD, SIG_DFL);  // where it is ignored there is nothing to wait for
    // who asks may be allowed more files later on, and the server holds a pipe for each process
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
      files.rlim_cur = files.rlim_max;
      setrlimit(RLIMIT_NOFILE, &files);
    }
  }

  /// Until nobody can ask any more.
  void run() {
    while (ends_ >= 0) {
      std::array<pollfd, 2> waiting{{{ends_, POLLIN, 0}, {socket_, POLLIN, 0}}};
      if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
      if (waiting[0].revents != 0) tell_ends();
      if (waiting[1].revents != 0 && !serve()) break;
    }
    for (const auto& [pid, pipe] : running_) kill(pid, SIGKILL);
    for (const auto& [pid, pipe] : running_) waitpid(pid, nullptr, 0);
  }

 private:
  bool serve() {
    Parcel parcel;
    parcel.make_room_for_file();
    const ssize_t n = recvmsg(socket_, &parcel.header, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR) return true;
    if (n != sizeof(Request) || parcel.request.kind == Request::Kind::quit) return false;
    if (parcel.request.kind == Request::Kind::terminate) {
      for (const auto& [pid, pipe] : running_) kill(pid, SIGTERM);
    } else if (const int pipe = parcel.file(); pipe >= 0) {
      begin(parcel.request.number, pipe);
    }
    return true;
  }

  void begin(std::size_t number, int pipe) {
    const pid_t server = getpid();
    const pid_t pid = fork();
    if (pid < 0) return tell_end(pipe, {.error = errno});
    if (pid > 0) {
      running_[pid] = pipe;
      return;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != server) _exit(1);
    close(socket_);
    close(ends_);
    for (const auto& [other, others_pipe] : running_) close(others_pipe);
    sigprocmask(SIG_SETMASK, &signals_of_work_, nullptr);
    work_(number, pipe);
    _exit(1);
  }

  void tell_ends() {
    signalfd_siginfo ignored{};
    while (read(ends_, &ignored, sizeof ignored) < 0 && errno == EINTR) {
    }
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto ended = running_.find(pid);
      if (ended == running_.end()) continue;
      tell_end(ended->second, {.status = status});
      running_.erase(ended);
    }
  }
  static void tell_end(int pipe, ProcessEnd end) {
    const EndRecord record{end_mark, end};
    while (write(pipe, &record, sizeof record) < 0 && errno == EINTR) {
    }
    close(pipe);
  }

  int socket_;
  const std::function<void(std::size_t, int)>& work_;
  sigset_t signals_of_work_{};
  int ends_ = -1;
  std::map<pid_t, int> running_;  // the pipes they write to
};

void ask(int socket, Request::Kind kind) {
  const Request request{kind, 0};
  while (send(socket, &request, sizeof request, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

}  // namespace

ForkServer::ForkServer(const std::function<void(std::size_t, int)>& work) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    fail("cannot make a socket: {}", std::strerror(errno));
  }
  std::fflush(nullptr);  // or what it forks would print it again
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    Server(ends[1], work).run();
    _exit(0);
  }
  const int error = errno;
  close(ends[1]);
  socket_ = ends[0];
  if (pid_ > 0) return;
  close(socket_);
  fail("cannot start a process: {}", std::strerror(error));
}

ForkServer::~ForkServer() {
  ask(socket_, Request::Kind::quit);
  close(socket_);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

ForkServer::Answer ForkServer::fork_one(std::size_t number, int pipe) {
  Parcel parcel;
  parcel.request = {Request::Kind::fork, number};
  parcel.put_file(pipe);
  while (sendmsg(socket_, &parcel.header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
    if (errno == EINTR) continue;
    return errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS ? Answer::busy
                                                                        : Answer::gone;
  }
  return Answer::taken;
}

void ForkServer::terminate_all() {
  ask(socket_, Request::Kind::terminate);
}

bool take_process_end(std::string& received, ProcessEnd& end) {
  EndRecord record{};
  if (received.size() < sizeof record) return false;
  std::memcpy(&record, received.data() + received.size() - sizeof record, sizeof record);
  if (record.mark != end_mark) return false;
  received.resize(received.size() - sizeof record);
  end = record.end;
  return true;
}

}  // namespace optichain::sim
