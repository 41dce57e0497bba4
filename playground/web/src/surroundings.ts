/** Who and what there is, for whatever draws names. */

import { createContext, useContext } from "react";
import type { Channel, Person } from "./slack";

export type Theme = "light" | "dark";
export type Surroundings = { people: Person[]; channels: Channel[]; theme: Theme };

export const SurroundingsContext = createContext<Surroundings>({
  people: [],
  channels: [],
  theme: "light",
});

export const useSurroundings = (): Surroundings => useContext(SurroundingsContext);
