/** Who looks at Slack, and where they can go. */

import type { Place } from "./place";
import type { Snapshot } from "./slack";

type Props = { shown: Snapshot; place: Place; go: (change: Partial<Place>) => void };

/** Channels, the conversation with the bot, and the people to be. */
export function Sidebar({ shown, place, go }: Props) {
  const entry = (id: string, face: string) => (
    <li key={id}>
      <button
        type="button"
        aria-current={place.channel === id ? "page" : undefined}
        onClick={() => go({ channel: id })}
      >
        {face}
      </button>
    </li>
  );
  const rooms = shown.channels.filter((one) => one.kind !== "im");
  const direct = shown.channels.find((one) => one.kind === "im");
  return (
    <nav className="sidebar" aria-label="Places">
      <label>
        <span>You are</span>
        <select value={place.person} onChange={(event) => go({ person: event.target.value })}>
          {shown.people
            .filter((one) => one.role !== "app")
            .map((one) => (
              <option key={one.id} value={one.name}>
                {one.realName}
              </option>
            ))}
        </select>
      </label>
      <h2>Channels</h2>
      <ul>
        {rooms.map((one) =>
          entry(one.id, `${one.kind === "group" ? "∗" : "#"} ${one.name}${one.isArchived ? " (archived)" : ""}`),
        )}
      </ul>
      <h2>PM Role</h2>
      <ul>
        {entry("home", "Home")}
        {direct && entry(direct.id, "Messages")}
      </ul>
    </nav>
  );
}
