--  The conformance driver in Ada. Controlled types free the objects at the end of their scopes.
with Ada.Characters.Latin_1;
with Ada.Exceptions;
with Ada.Finalization;
with Ada.Strings.Fixed;
with Ada.Text_IO;
with Interfaces.C.Strings;  use Interfaces, Interfaces.C, Interfaces.C.Strings;
with System;                use System;
with Deepidv;               use Deepidv;

procedure Driver is
   Tab : constant String := (1 => Ada.Characters.Latin_1.HT);
   Refused : exception;

   --  An object of the library, which is freed when it leaves its scope.
   generic
      type Handle is private;
      No_Handle : Handle;
      with procedure Free (It : Handle);
   package Owners is
      type Owner is new Ada.Finalization.Limited_Controlled with record
         It : Handle := No_Handle;
      end record;
      overriding procedure Finalize (Object : in out Owner);
   end Owners;

   package body Owners is
      overriding procedure Finalize (Object : in out Owner) is
         Old : constant Handle := Object.It;
      begin
         Object.It := No_Handle;
         Free (Old);
      end Finalize;
   end Owners;

   None : constant Address := Null_Address;
   package Configs is new Owners (deepidv_config, deepidv_config (None), deepidv_config_free);
   package Clients is new Owners (deepidv_client, deepidv_client (None), deepidv_client_free);
   package Requests is new Owners
     (deepidv_session_request, deepidv_session_request (None), deepidv_session_request_free);
   package Results is new Owners (deepidv_result, deepidv_result (None), deepidv_result_free);
   package Secret_Sets is new Owners
     (deepidv_webhook_secrets, deepidv_webhook_secrets (None), deepidv_webhook_secrets_free);
   package Webhooks is new Owners (deepidv_webhook, deepidv_webhook (None), deepidv_webhook_free);

   type Poll_Set is record
      Descriptor : C.int;
      Events, Ready : C.short;
   end record with Convention => C;
   function Poll (Watched : in out Poll_Set; Count : C.unsigned_long; Timeout : C.int) return C.int
     with Import, Convention => C, External_Name => "poll";
   function Fork return C.int with Import, Convention => C, External_Name => "fork";
   function Wait (Child : C.int; Ended : out C.int; Options : C.int) return C.int
     with Import, Convention => C, External_Name => "waitpid";
   procedure Exit_Now (Status : C.int) with Import, Convention => C, External_Name => "_exit";

   Client : Clients.Owner;

   function Name (Status : Integer_32; Field : chars_ptr := Null_Ptr) return String is
     (Value (deepidv_status_name (Status)) & (if Field = Null_Ptr then "" else Tab & Value (Field)));

   procedure Check (Status : Integer_32; Field : chars_ptr := Null_Ptr) is
   begin
      if Status /= DEEPIDV_OK then
         raise Refused with Name (Status, Field);
      end if;
   end Check;

   --  Describes a result; the status is why there may be none.
   function Describe (Status : Integer_32; Result : Results.Owner) return String is
     (if Result.It = deepidv_result (None) then Name (Status)
      else Value (deepidv_result_describe (Result.It, null)));

   procedure Make_Client (Made : in out Clients.Owner) is
      Config : Configs.Owner;
   begin
      Check (deepidv_config_new (Config.It));
      Check (deepidv_config_from_env (Config.It, null));
      Check (deepidv_client_new (Config.It, Made.It));
   end Make_Client;

   procedure Make_Request (Made : in out Requests.Owner; Json : String) is
      Field : aliased chars_ptr;
      Status : Integer_32;
   begin
      Check (deepidv_session_request_new (Made.It));
      Status := deepidv_session_request_set_json (Made.It, Json, Json'Length, Field'Access, null);
      Check (Status, Field);
   end Make_Request;

   function Number (Image : String) return String is (Ada.Strings.Fixed.Trim (Image, Ada.Strings.Both));

   function Many (Prefix : String; Count : Positive; Json : String) return String is
      Request : Requests.Owner;
      Watched : Poll_Set := (deepidv_client_fd (Client.It), 1, 0);
      Event : deepidv_event;
      Taken, Tags, Sessions : Unsigned_64 := 0;
   begin
      Make_Request (Request, Json);
      for Tag in 1 .. Count loop
         declare
            Id : constant String := Prefix & "-" & Number (Tag'Image);
         begin
            Check (deepidv_session_request_set_external_id (Request.It, Id, Id'Length));
            Check (deepidv_session_create_submit (Client.It, Request.It, Unsigned_64 (Tag), null));
         end;
      end loop;
      --  Ada has no collector.
      for Object in 1 .. (if Prefix = "collect" then 1000 else 0) loop
         declare
            Garbage : Requests.Owner;
         begin
            Make_Request (Garbage, Json);
         end;
      end loop;
      while Taken < Unsigned_64 (Count) and then Poll (Watched, 1, -1) > 0 loop
         loop
            declare
               Result : Results.Owner;
            begin
               exit when deepidv_client_next (Client.It, Event, Result.It) /= DEEPIDV_OK;
               Taken := Taken + 1;
               Tags := Tags + Event.tag;
               if deepidv_result_session_id (Result.It, null) /= Null_Ptr then
                  Sessions := Sessions + 1;
               end if;
            end;
         end loop;
      end loop;
      return Number (Taken'Image) & " completions, tags" & Tags'Image & "," & Sessions'Image & " sessions";
   end Many;

   function Cancel (Id : String) return String is
      Op : aliased Unsigned_64;
      Event : deepidv_event;
      Unused, Result : Results.Owner;
      Waited : Integer_32;
   begin
      Check (deepidv_session_retrieve_submit (Client.It, Id, Id'Length, 1, Op'Access));
      Waited := deepidv_client_take (Client.It, Op, 50, Event, Unused.It);
      Check (deepidv_client_cancel (Client.It, Op));
      Check (deepidv_client_take (Client.It, Op, -1, Event, Result.It));
      return Name (Waited) & Tab & Name (Event.status);
   end Cancel;

   function Redirect (Url : String) return String is
      Buffer : String (1 .. 8192);
      Length : aliased size_t;
   begin
      Check (deepidv_redirect_describe (Url, Url'Length, Buffer'Address, Buffer'Length, Length'Access));
      return Buffer (1 .. Natural (Length));
   end Redirect;

   function Matches (Url, Id : String) return String is
      Parsed : deepidv_redirect;
   begin
      Check (deepidv_redirect_parse (Url, Url'Length, Parsed));
      return Name (deepidv_redirect_matches (Url, Url'Length, Parsed, Id, Id'Length));
   end Matches;

   function Webhook (Secret, Signature, Payload : String) return String is
      Secrets : Secret_Sets.Owner;
      Event : Webhooks.Owner;
   begin
      Check (deepidv_webhook_secrets_new (Secrets.It));
      Check (deepidv_webhook_secrets_add (Secrets.It, Secret, Secret'Length));
      Check (deepidv_webhook_open (Secrets.It, Signature'Address, Signature'Length, Payload, Payload'Length, Event.It));
      return Value (deepidv_webhook_describe (Event.It, null));
   end Webhook;

   function Option (Key, Text : String) return String is
      Config : Configs.Owner;
   begin
      Check (deepidv_config_new (Config.It));
      return Name (deepidv_config_set (Config.It, Key, Key'Length, Text, Text'Length));
   end Option;

   function Send (Command, Json : String) return String is
      Request : Requests.Owner;
      Other : Clients.Owner;
      Result : Results.Owner;
      Field : aliased chars_ptr;
      Status : Integer_32;
      Child, Ended : C.int;
   begin
      Make_Request (Request, Json);
      if Command = "check" then
         Status := deepidv_session_request_validate (Request.It, Field'Access);
         return Name (Status, Field);
      elsif Command = "nul" then
         return Name (deepidv_session_request_set_first_name (Request.It, "a" & ASCII.NUL & "b", 3));
      elsif Command = "create" then
         Status := deepidv_session_create (Client.It, Request.It, Result.It);
      elsif Command = "find" then
         Status := deepidv_session_find_or_create (Client.It, Request.It, Result.It);
      elsif Command = "order" then
         Make_Client (Other);
         Status := deepidv_session_create (Other.It, Request.It, Result.It);
         Clients.Finalize (Other);
         Requests.Finalize (Request);
      else
         Child := Fork;
         if Child = 0 then
            Exit_Now (C.int (deepidv_session_create (Client.It, Request.It, Result.It)));
         end if;
         Child := Wait (Child, Ended, 0);
         return Name (Integer_32 (Ended / 256));
      end if;
      return Describe (Status, Result);
   end Send;

   function Ask (Command, Text, Second : String) return String is
      Result : Results.Owner;
      Status : Integer_32;
   begin
      if Command = "retrieve" then
         Status := deepidv_session_retrieve (Client.It, Text, Text'Length, Result.It);
      elsif Command = "list" then
         Status := deepidv_session_list
           (Client.It, Text'Address, Text'Length, Unsigned_32'Value (Second), None, 0, Result.It);
      elsif Command = "update" then
         Status := deepidv_session_update_status
           (Client.It, Text, Text'Length,
            (if Second = "VERIFIED" then DEEPIDV_DECISION_VERIFIED else DEEPIDV_DECISION_REJECTED), Result.It);
      elsif Command = "confirm" then
         Status := deepidv_redirect_confirm (Client.It, Text, Text'Length, Second, Second'Length, Result.It);
      else
         Status := deepidv_session_reconcile (Client.It, Text, Text'Length, Result.It);
      end if;
      return Describe (Status, Result);
   end Ask;

   --  A field of a line, or an empty text.
   function Field (Line : String; Wanted : Positive) return String is
      Start : Positive := Line'First;
      Stop : Natural;
   begin
      for Place in 1 .. Wanted loop
         Stop := Ada.Strings.Fixed.Index (Line & Tab, Tab, Start);
         exit when Stop = 0;
         if Place = Wanted then
            return Line (Start .. Stop - 1);
         end if;
         Start := Stop + 1;
         exit when Start > Line'Last + 1;
      end loop;
      return "";
   end Field;

   function Run (Line : String) return String is
      Command : constant String := Field (Line, 1);
      Text : constant String := Field (Line, 2);
      Second : constant String := Field (Line, 3);
      Version : constant Unsigned_32 := deepidv_abi_version;
   begin
      if Command = "version" then
         return Number (Unsigned_32'Image (Version / 65536)) & "." & Number (Unsigned_32'Image (Version mod 65536));
      elsif Command = "redirect" then
         return Redirect (Text);
      elsif Command = "matches" then
         return Matches (Text, Second);
      elsif Command = "webhook" then
         return Webhook (Text, Second, Field (Line, 4));
      elsif Command = "option" then
         return Option (Text, Second);
      elsif Command = "many" or else Command = "collect" then
         return Many (Command, Positive'Value (Text), Second);
      elsif Command = "cancel" then
         return Cancel (Text);
      elsif Command in "check" | "create" | "find" | "nul" | "order" | "fork" then
         return Send (Command, Text);
      else
         return Ask (Command, Text, Second);
      end if;
   end Run;

begin
   Make_Client (Client);
   while not Ada.Text_IO.End_Of_File loop
      declare
         Line : constant String := Ada.Text_IO.Get_Line;
      begin
         Ada.Text_IO.Put_Line (Run (Line));
      exception
         --  The message of an exception would be cut after 200 characters; a status is shorter.
         when Problem : Refused =>
            Ada.Text_IO.Put_Line (Ada.Exceptions.Exception_Message (Problem));
      end;
      Ada.Text_IO.Flush;
   end loop;
end Driver;
