// A clock in a thread of its own: says something as often as it is told to.

onmessage = ({ data: milliseconds }) => setInterval(() => postMessage(null), milliseconds);
