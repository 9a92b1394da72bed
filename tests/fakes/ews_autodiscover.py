"""Where the mailbox is: autodiscover in its two dialects (plain XML and SOAP), answering with one EWS address."""

from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from tests.fakes.ews_xml import find, find_all, text_at
from tests.fakes.exchange_items import Refused
from tests.fakes.exchange_world import World

SETTINGS = "http://schemas.microsoft.com/exchange/2010/Autodiscover"
PLAIN = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
for _prefix, _name in (("a", SETTINGS), ("wsa", ADDRESSING), ("xsi", INSTANCE)):
    ET.register_namespace(_prefix, _name)


def plain(world: World, request: Element, ews_url: str) -> bytes:
    """The answer of autodiscover.xml: the Exchange protocols of a mailbox, or error 500 for no such address."""
    root = ET.Element(f"{{{PLAIN}}}Autodiscover")
    try:
        mailbox = world.mailbox(text_at(request, "Request/EMailAddress"))
    except Refused:
        error = ET.SubElement(ET.SubElement(root, f"{{{PLAIN}}}Response"), f"{{{PLAIN}}}Error")
        _say(error, PLAIN, ErrorCode="500", Message="The email address can't be found.")
        return _written(root)
    response = ET.SubElement(root, f"{{{OUTLOOK}}}Response")
    user = ET.SubElement(response, f"{{{OUTLOOK}}}User")
    _say(user, OUTLOOK, DisplayName=mailbox.name, AutoDiscoverSMTPAddress=mailbox.address)
    account = ET.SubElement(response, f"{{{OUTLOOK}}}Account")
    _say(account, OUTLOOK, AccountType="email", Action="settings")
    for kind in ("EXCH", "EXPR"):
        protocol = ET.SubElement(account, f"{{{OUTLOOK}}}Protocol")
        _say(protocol, OUTLOOK, Type=kind, EwsUrl=ews_url, ServerVersion="73C18A97")
    return _written(root)


def by_soap(world: World, request: Element, ews_url: str) -> bytes:
    """The answer to GetUserSettings: the settings asked for, of those this server knows."""
    asked = [
        one.text or ""
        for one in find_all(request, "Body/GetUserSettingsRequestMessage/Request/RequestedSettings/Setting")
    ]
    users = find_all(request, "Body/GetUserSettingsRequestMessage/Request/Users/User")
    answer = ET.Element(f"{{{SETTINGS}}}GetUserSettingsResponseMessage")
    response = ET.SubElement(answer, f"{{{SETTINGS}}}Response")
    _say(response, SETTINGS, ErrorCode="NoError", ErrorMessage="")
    several = ET.SubElement(response, f"{{{SETTINGS}}}UserResponses")
    for user in users:
        several.append(_user(world, text_at(user, "Mailbox"), asked, ews_url))
    root = ET.Element(f"{{{SOAP}}}Envelope")
    header = ET.SubElement(root, f"{{{SOAP}}}Header")
    action = f"{SETTINGS}/Autodiscover/GetUserSettingsResponse"
    _say(header, ADDRESSING, Action=action)
    version = ET.SubElement(header, f"{{{SETTINGS}}}ServerVersionInfo")
    _say(version, SETTINGS, MajorVersion="15", MinorVersion="1", MajorBuildNumber="2507", MinorBuildNumber="39")
    _say(version, SETTINGS, Version="Exchange2016")
    ET.SubElement(root, f"{{{SOAP}}}Body").append(answer)
    return _written(root)


def _user(world: World, address: str, asked: list[str], ews_url: str) -> Element:
    user = ET.Element(f"{{{SETTINGS}}}UserResponse")
    try:
        mailbox = world.mailbox(address)
    except Refused:
        _say(user, SETTINGS, ErrorCode="InvalidUser", ErrorMessage=f"Invalid user: '{address}'")
        return user
    _say(user, SETTINGS, ErrorCode="NoError", ErrorMessage="No error.")
    ET.SubElement(user, f"{{{SETTINGS}}}UserSettingErrors")
    settings = ET.SubElement(user, f"{{{SETTINGS}}}UserSettings")
    known = {
        "UserDisplayName": mailbox.name,
        "AutoDiscoverSMTPAddress": mailbox.address,
        "InternalEwsUrl": ews_url,
        "ExternalEwsUrl": ews_url,
        "EwsSupportedSchemas": "Exchange2007, Exchange2010, Exchange2013, Exchange2016",
    }
    for name in asked:
        if name in known:
            setting = ET.SubElement(settings, f"{{{SETTINGS}}}UserSetting", {f"{{{INSTANCE}}}type": "StringSetting"})
            _say(setting, SETTINGS, Name=name, Value=known[name])
    return user


def is_soap(request: Element) -> bool:
    """Whether the request is in the SOAP dialect."""
    return find(request, "Body") is not None


def _say(element: Element, space: str, **told: str) -> None:
    for name, text in told.items():
        ET.SubElement(element, f"{{{space}}}{name}").text = text


def _written(root: Element) -> bytes:
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text
