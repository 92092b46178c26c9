// Work that leaves the page alive: it pauses every few hundredths of a second, tells how far it is, and can be stopped.

const SLICE = 24; // milliseconds

class Stopped extends Error {}

class Work {
  /** `report(message, share)` is told each step; a share of null means that nobody knows how much is left. */
  constructor(report = () => {}) {
    this.report = report;
    this.directoryName = "keys.json";
    this.today = null;
    this.drawn = 0;
    this.stopped = false;
    this.message = null;
    this.rested = performance.now();
  }

  stop() {
    this.stopped = true;
  }

  tell(message, share = null) {
    this.message = message;
    this.report(message, share);
  }

  /** What `make` gives for each item, with pauses in between. */
  async each(items, make) {
    const found = [];
    for (const item of items) {
      await this.pause();
      found.push(make(item));
    }
    return found;
  }

  /** Let the page breathe if the slice is over; `part` is how far the present step is. */
  async pause({ part = null } = {}) {
    if (performance.now() - this.rested < SLICE) return;
    if (part !== null) this.report(this.message, part);
    await _breath();
    this.rested = performance.now();
    if (this.stopped) throw new Stopped();
  }
}

/** One turn of the event loop; timers would wait for a second in a page that nobody looks at. */
function _breath() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
