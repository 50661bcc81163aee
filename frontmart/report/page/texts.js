// Numbers, dates and durations as text, as frontmart/report/wording.py writes them.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NONE = "–";

function percentText(share) {
  if (share > 0 && share < 0.01) return "under 1\u00a0%";
  if (share > 0.99 && share < 1) return "over 99\u00a0%";
  return `${Math.round(100 * share)}\u00a0%`;
}

function dayText(at) {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

function momentText(at) {
  return `${dayText(at)} ${new Date(at).toISOString().slice(11, 16)}`;
}

function durationText(hours) {
  if (hours < 1) return "within an hour";
  return hours < 48 ? countText(Math.round(hours), "hour") : countText(Math.round(hours / 24), "day");
}
