"""The tray icon of a Linux desktop: StatusNotifierItem for the icon, com.canonical.dbusmenu for its menu.

KDE, Xfce, Cinnamon, MATE, LXQt, waybar and GNOME with its AppIndicator extension understand it, and on Wayland there
is no other way.
"""

# Without postponed annotations: dbus-fast reads them, and would take a postponed None for a signature.
import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from dbus_fast import PropertyAccess, Variant
from dbus_fast.annotations import DBusBool, DBusInt32, DBusObjectPath, DBusSignature, DBusStr, DBusUInt32, DBusVariant
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from posture.desktop.bus import Bus, BusError
from posture.desktop.icons import ICON_SIZES_PX, icon_argb
from posture.desktop.tray_base import MenuItem, TrayState
from posture.language import mark
from posture.plain_text import plain, plain_lines

if TYPE_CHECKING:
    from dbus_fast import Message

WATCHER, WATCHER_PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
ITEM_PATH, MENU_PATH = "/StatusNotifierItem", "/MenuBar"
READ = PropertyAccess.READ
NO_HOST = mark("no panel of this desktop shows tray icons (GNOME needs its AppIndicator extension)")

Pixmaps = Annotated[list[list[Any]], DBusSignature("a(iiay)")]
Strings = Annotated[list[str], DBusSignature("as")]
Ids = Annotated[list[int], DBusSignature("ai")]


class StatusNotifierTray:
    """The icon, registered with the desktop's watcher now and whenever a watcher comes back.

    `bus` is the session bus, connected; for `clicked` see `posture.desktop.tray.tray_for`.
    """

    def __init__(self, bus: Bus, clicked: Callable[[str], None]) -> None:
        self._bus, self._clicked = bus, clicked
        # The number tells it apart from an item of another connection of this process.
        self._name = f"org.kde.StatusNotifierItem-{os.getpid()}-{id(self) % 100_000}"
        self._item: _Item | None = None
        self._menu: _Menu | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self.note = NO_HOST

    async def start(self, state: TrayState) -> None:
        """Show the icon, or wait for a host that shows it."""
        self._item, self._menu = _Item(state, self._clicked), _Menu(state.menu, self._clicked)
        self._bus.raw.export(ITEM_PATH, self._item)
        self._bus.raw.export(MENU_PATH, self._menu)
        await self._bus.raw.request_name(self._name)
        await self._bus.watch_owner(WATCHER, self._watcher_changed)
        await self._bus.listen(WATCHER, self._host_changed, interface=WATCHER)
        await self._register()

    def show(self, state: TrayState) -> None:
        """Show another state."""
        if self._item is not None and self._menu is not None:
            self._item.change(state)
            self._menu.change(state.menu)

    async def close(self) -> None:
        """Remove the icon; the host notices that its name is gone."""
        for job in self._jobs:
            job.cancel()
        if self._item is not None:
            self._item = self._menu = None
            try:
                self._bus.raw.unexport(ITEM_PATH)
                self._bus.raw.unexport(MENU_PATH)
                await self._bus.raw.release_name(self._name)
            except Exception:  # the bus has closed, and the icon is gone with it
                return

    async def _register(self) -> None:
        try:
            await self._bus.call(WATCHER, WATCHER_PATH, WATCHER, "RegisterStatusNotifierItem", "s", self._name)
        except BusError as error:
            self.note = NO_HOST if error.name.startswith("org.freedesktop.DBus.Error") else str(error)
            return
        try:
            hosted = await self._bus.get(WATCHER, WATCHER_PATH, WATCHER, "IsStatusNotifierHostRegistered")
        except BusError:
            hosted = True  # this watcher does not tell, but has taken the item
        self.note = "" if hosted else NO_HOST

    def _watcher_changed(self, there: bool) -> None:
        self.note = NO_HOST
        if there:
            self._again()

    def _host_changed(self, message: "Message") -> None:
        if message.interface == WATCHER and message.member == "StatusNotifierHostRegistered":
            self._again()
        elif message.interface == WATCHER and message.member == "StatusNotifierHostUnregistered":
            self.note = NO_HOST

    def _again(self) -> None:
        job = asyncio.get_running_loop().create_task(self._register())
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)


class _Item(ServiceInterface):
    """The icon with its tooltip."""

    def __init__(self, state: TrayState, clicked: Callable[[str], None]) -> None:
        super().__init__("org.kde.StatusNotifierItem")
        self._state, self._clicked = state, clicked

    def change(self, state: TrayState) -> None:
        old, self._state = self._state, state
        if state.icon != old.icon:
            self.new_icon()
        if state.title != old.title:
            self.new_title()
        if (state.title, state.tooltip) != (old.title, old.tooltip):
            self.new_tool_tip()
        if state.label != old.label:
            self.new_label(state.label, state.label)

    @dbus_property(access=READ, name="Category")
    def category(self) -> DBusStr:
        return "ApplicationStatus"

    @dbus_property(access=READ, name="Id")
    def identity(self) -> DBusStr:
        return "posture"

    @dbus_property(access=READ, name="Title")
    def title(self) -> DBusStr:
        return plain(self._state.title)

    @dbus_property(access=READ, name="Status")
    def status(self) -> DBusStr:
        # Never NeedsAttention: people turn off an icon that blinks.
        return "Active"

    @dbus_property(access=READ, name="WindowId")
    def window_id(self) -> DBusInt32:
        return 0

    @dbus_property(access=READ, name="IconName")
    def icon_name(self) -> DBusStr:
        return ""

    @dbus_property(access=READ, name="IconThemePath")
    def icon_theme_path(self) -> DBusStr:
        return ""

    @dbus_property(access=READ, name="IconPixmap")
    def icon_pixmap(self) -> Pixmaps:
        return [[size_px, size_px, icon_argb(self._state.icon, size_px)] for size_px in ICON_SIZES_PX]

    @dbus_property(access=READ, name="OverlayIconName")
    def overlay_icon_name(self) -> DBusStr:
        return ""

    @dbus_property(access=READ, name="OverlayIconPixmap")
    def overlay_icon_pixmap(self) -> Pixmaps:
        return []

    @dbus_property(access=READ, name="AttentionIconName")
    def attention_icon_name(self) -> DBusStr:
        return ""

    @dbus_property(access=READ, name="AttentionIconPixmap")
    def attention_icon_pixmap(self) -> Pixmaps:
        return []

    @dbus_property(access=READ, name="ToolTip")
    def tool_tip(self) -> Annotated[list[Any], DBusSignature("(sa(iiay)ss)")]:
        # Hosts take this text for markup, and there is no way to ask which do.
        return ["", [], plain(self._state.title), plain_lines(self._state.tooltip).replace("<", "\u2039")]

    # An extension of Ayatana's, which Ubuntu's and MATE's panels show beside the icon; others do not ask for it.
    @dbus_property(access=READ, name="XAyatanaLabel")
    def label(self) -> DBusStr:
        return self._state.label

    @dbus_property(access=READ, name="XAyatanaLabelGuide")
    def label_guide(self) -> DBusStr:
        return self._state.label

    @dbus_property(access=READ, name="ItemIsMenu")
    def item_is_menu(self) -> DBusBool:
        return False

    @dbus_property(access=READ, name="Menu")
    def menu(self) -> DBusObjectPath:
        return MENU_PATH

    @dbus_method(name="Activate")
    def activate(self, x: DBusInt32, y: DBusInt32) -> None:
        self._clicked("activate")

    @dbus_method(name="SecondaryActivate")
    def secondary_activate(self, x: DBusInt32, y: DBusInt32) -> None:
        pass

    @dbus_method(name="ContextMenu")
    def context_menu(self, x: DBusInt32, y: DBusInt32) -> None:
        pass

    @dbus_method(name="Scroll")
    def scroll(self, delta: DBusInt32, orientation: DBusStr) -> None:
        pass

    @dbus_signal(name="NewIcon")
    def new_icon(self) -> None:
        pass

    @dbus_signal(name="NewTitle")
    def new_title(self) -> None:
        pass

    @dbus_signal(name="XAyatanaNewLabel")
    def new_label(self, label: str, guide: str) -> Annotated[list[str], DBusSignature("ss")]:
        return [label, guide]

    @dbus_signal(name="NewToolTip")
    def new_tool_tip(self) -> None:
        pass


class _Menu(ServiceInterface):
    """The menu. An item keeps its number for good, so that a click during a change means what the user saw."""

    def __init__(self, menu: tuple[MenuItem, ...], clicked: Callable[[str], None]) -> None:
        super().__init__("com.canonical.dbusmenu")
        self._clicked = clicked
        self._revision = 1
        self._numbers: dict[str, int] = {}
        self._items: dict[int, MenuItem] = {}
        self._fill(menu)

    def _fill(self, menu: tuple[MenuItem, ...]) -> None:
        self._items = {self._numbers.setdefault(item.key, len(self._numbers) + 1): item for item in menu}

    def change(self, menu: tuple[MenuItem, ...]) -> None:
        old = self._items
        self._fill(menu)
        if list(self._items) != list(old):
            self._revision += 1
            self.layout_updated()
        elif self._items != old:
            self.items_properties_updated([number for number, item in self._items.items() if item != old[number]])

    def _properties(self, number: int) -> dict[str, Variant]:
        if number == 0:
            return {"children-display": Variant("s", "submenu")}
        item = self._items[number]
        if not item.label:
            return {"type": Variant("s", "separator")}
        # An underscore would mark a key of the keyboard.
        found = {"label": Variant("s", item.label.replace("_", "__")), "enabled": Variant("b", item.enabled)}
        if item.checked is not None:
            found |= {"toggle-type": Variant("s", "checkmark"), "toggle-state": Variant("i", int(item.checked))}
        return found

    def _event(self, number: int, event: str) -> None:
        item = self._items.get(number)
        if event == "clicked" and item is not None and item.enabled and item.label:
            self._clicked(item.key)

    @dbus_property(access=READ, name="Version")
    def version(self) -> DBusUInt32:
        return 3

    @dbus_property(access=READ, name="Status")
    def status(self) -> DBusStr:
        return "normal"

    @dbus_property(access=READ, name="TextDirection")
    def text_direction(self) -> DBusStr:
        return "ltr"

    @dbus_property(access=READ, name="IconThemePath")
    def icon_theme_path(self) -> Strings:
        return []

    @dbus_method(name="GetLayout")
    def get_layout(
        self, parent: DBusInt32, depth: DBusInt32, names: Strings
    ) -> Annotated[list[Any], DBusSignature("u(ia{sv}av)")]:
        if parent != 0:
            known = parent in self._items
            return [self._revision, [parent, self._properties(parent) if known else {}, []]]
        lines = [Variant("(ia{sv}av)", [number, self._properties(number), []]) for number in self._items]
        return [self._revision, [0, self._properties(0), lines if depth != 0 else []]]

    @dbus_method(name="GetGroupProperties")
    def get_group_properties(self, ids: Ids, names: Strings) -> Annotated[list[list[Any]], DBusSignature("a(ia{sv})")]:
        wanted = ids or [0, *self._items]
        return [[number, self._properties(number)] for number in wanted if number == 0 or number in self._items]

    @dbus_method(name="GetProperty")
    def get_property(self, number: DBusInt32, name: DBusStr) -> DBusVariant:
        found = self._properties(number) if number == 0 or number in self._items else {}
        return found.get(name, Variant("s", ""))

    @dbus_method(name="Event")
    def event(self, number: DBusInt32, event: DBusStr, data: DBusVariant, timestamp: DBusUInt32) -> None:
        self._event(number, event)

    @dbus_method(name="EventGroup")
    def event_group(self, events: Annotated[list[list[Any]], DBusSignature("a(isvu)")]) -> Ids:
        for number, event, _data, _timestamp in events:
            self._event(number, event)
        return [number for number, *_ in events if number not in self._items]

    @dbus_method(name="AboutToShow")
    def about_to_show(self, number: DBusInt32) -> DBusBool:
        return False

    @dbus_method(name="AboutToShowGroup")
    def about_to_show_group(self, ids: Ids) -> Annotated[list[list[int]], DBusSignature("aiai")]:
        return [[], [number for number in ids if number and number not in self._items]]

    @dbus_signal(name="LayoutUpdated")
    def layout_updated(self) -> Annotated[list[int], DBusSignature("ui")]:
        return [self._revision, 0]

    @dbus_signal(name="ItemsPropertiesUpdated")
    def items_properties_updated(
        self, changed: list[int]
    ) -> Annotated[list[list[Any]], DBusSignature("a(ia{sv})a(ias)")]:
        return [[[number, self._properties(number)] for number in changed], []]
