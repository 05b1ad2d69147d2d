import type { Area } from "../area";

export const DESK: Area = { pages: [], useMenu: () => [] };
