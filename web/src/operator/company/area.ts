import type { Area } from "../area";

export const COMPANY: Area = { pages: [], useMenu: () => [] };
