/** Where somebody is on the page: kept in the address, so that a reload returns there. */

import { useEffect, useState } from "react";

export type Place = {
  /** Somebody's short name, such as "ann". */
  person: string;
  /** A channel's id, or "home". */
  channel: string;
  /** The first message of the open thread; empty for none. */
  thread: string;
};

const read = (): Place => {
  const [person, channel, thread] = location.hash.replace(/^#\/?/, "").split("/");
  return { person: person || "ann", channel: channel || "C0CAREERS", thread: thread ?? "" };
};

/** Return where somebody is, and what goes elsewhere. */
export function usePlace(): [Place, (change: Partial<Place>) => void] {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const changed = () => setPlace(read());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  const go = (change: Partial<Place>) => {
    const { person, channel, thread } = { ...read(), thread: "", ...change };
    location.hash = `/${[person, channel, thread].filter(Boolean).join("/")}`;
    setPlace(read());
  };
  return [place, go];
}

/** Keep a choice in this browser. */
export function useKept(name: string, first: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => localStorage.getItem(name) ?? first);
  const keep = (chosen: string) => {
    localStorage.setItem(name, chosen);
    setValue(chosen);
  };
  return [value, keep];
}
